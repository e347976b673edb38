"use strict";
// The autocompletes of Django's admin (select2) leave their boxes and search fields without a
// name for screen readers. Each gets that of the select it stands for, as soon as it appears,
// and an open box points at its list of choices.
{
  const nameOf = (select) => {
    const label = select.id && document.querySelector(`label[for="${select.id}"]`);
    return (select.getAttribute("aria-label") || (label && label.textContent) || "").trim();
  };

  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const box = select.nextElementSibling;
      const parts = '[role="combobox"], [role="textbox"], .select2-search__field';
      for (const part of box ? box.querySelectorAll(parts) : []) {
        if (!part.hasAttribute("aria-label")) {
          part.setAttribute("aria-label", nameOf(select));
        }
        if (part.hasAttribute("aria-owns")) {
          part.setAttribute("aria-controls", part.getAttribute("aria-owns"));
        }
      }
    }
    // The field above the list of choices belongs to no select.
    for (const field of document.querySelectorAll(".select2-dropdown .select2-search__field")) {
      field.setAttribute("aria-label", "探す言葉");
    }
  };

  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
}
