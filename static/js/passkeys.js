"use strict";
// Joins the buttons of our pages to allauth's script for passkeys, and says in our words when
// the browser has none or the person has cancelled. The parts that need it are hidden until here.
{
  const present = (id) => document.getElementById(id) !== null;
  const shown = (id, yes) => {
    const part = document.getElementById(id);
    if (part) {
      part.hidden = !yes;
    }
  };

  if (window.PublicKeyCredential) {
    const { addForm, authenticateForm, loginForm } = window.allauth.webauthn.forms;
    if (present("passkey-add")) {
      addForm({
        ids: { add: "passkey-add", passwordless: "id_passwordless", credential: "id_credential", data: "js_data" },
      });
    }
    if (present("passkey-use")) {
      authenticateForm({ ids: { authenticate: "passkey-use", credential: "id_credential", data: "js_data" } });
    }
    if (present("passkey-login")) {
      loginForm({ ids: { login: "passkey-login", credential: "id_credential" } });
    }
    shown("passkey-none", false);
    shown("passkey-part", true);
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    shown("passkey-failed", true);
    document.getElementById("passkey-failed").focus();
  });
}
