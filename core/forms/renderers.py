"""Where form templates are found."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Finds widget and field templates among the project's own; set as ``FORM_RENDERER``.

    It leaves the look of plain Django forms (the admin's) as it is: the portal's look
    belongs to ``core.forms.Form``.
    """
