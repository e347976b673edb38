"""What a lead types about a colleague's login."""

from core.forms import EmailField, Form, TextField


class LoginReplaceForm(Form):
    """The address that is read now, and why the lead gives it."""

    email = EmailField(
        label="新しいメールアドレス",
        max_length=254,
        width=20,
        autocomplete="off",
        help_text="ご本人が読めるアドレスです。これからは、このアドレスでログインします。",
    )
    reason = TextField(
        label="理由",
        max_length=500,
        rows=3,
        help_text="ご本人からの依頼を確かめた方法を書いてください。操作記録に残ります。",
    )
