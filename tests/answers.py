"""Who gets which answer from every address: the table that ``test_resolver`` walks."""

# The objects belong to the organization of the first three members (lead, deputy, reader),
# the ward's proposal to the ward; the joint projects are theirs and the ward's, the new one
# is not published yet. `ended` held its seat until yesterday: the session ends, and every
# answer is a visitor's; `super` is the break-glass account without a seat.
TABLE = """
                                       anon lead deputy reader other ward assoc staff council ended super
portal:home                             200  200    200    200   200  200   200   200     200   200   200
portal:about                            200  200    200    200   200  200   200   200     200   200   200
portal:directory                        302  200    200    200   200  200   200   200     200   302   403
portal:site_search                      200  200    200    200   200  200   200   200     200   200   200
portal:prefecture_list                  200  200    200    200   200  200   200   200     200   200   200
portal:municipality_list                200  200    200    200   200  200   200   200     200   200   200
portal:municipality_export              200  200    200    200   200  200   200   200     200   200   200
portal:organization_export              200  200    200    200   200  200   200   200     200   200   200
portal:organization_detail              200  200    200    200   200  200   200   200     200   200   200
portal:organization_detail/none         404  404    404    404   404  404   404   404     404   404   404
portal:statistics                       200  200    200    200   200  200   200   200     200   200   200
portal:statistics_export                200  200    200    200   200  200   200   200     200   200   200
portal:statistics_export/none           404  404    404    404   404  404   404   404     404   404   404
portal:timeline                         200  200    200    200   200  200   200   200     200   200   200
portal:timeline_year                    200  200    200    200   200  200   200   200     200   200   200
portal:timeline_year/none               404  404    404    404   404  404   404   404     404   404   404
portal:timeline_export                  200  200    200    200   200  200   200   200     200   200   200
portal:member_home                      302  200    200    200   200  200   200   200     200   302   403
chronicle:news_list                     200  200    200    200   200  200   200   200     200   200   200
chronicle:news_detail                   200  200    200    200   200  200   200   200     200   200   200
chronicle:news_detail/members           404  200    200    200   200  200   200   200     200   404   404
chronicle:news_detail/draft             404  404    404    404   404  404   404   404     404   404   404
chronicle:page_detail                   200  200    200    200   200  200   200   200     200   200   200
chronicle:relief_list                   200  200    200    200   200  200   200   200     200   200   200
chronicle:relief_export                 200  200    200    200   200  200   200   200     200   200   200
chronicle:disaster_detail               200  200    200    200   200  200   200   200     200   200   200
chronicle:disaster_detail/none          404  404    404    404   404  404   404   404     404   404   404
events:event_list                       200  200    200    200   200  200   200   200     200   200   200
events:event_export                     200  200    200    200   200  200   200   200     200   200   200
events:event_detail                     200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_list               200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_export             200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_detail             200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_list           200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_export         200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_detail         200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_detail/new     404  200    200    200   404  200   404   200     200   404   404
agreements:collaboration_create         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_update         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_update/new     302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_publish        302  403    403    403   403  302   403   403     403   302   403
agreements:collaboration_publish/new    302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_start          302  403    403    403   403  302   403   403     403   302   403
agreements:collaboration_start/new      302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_end            302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_cancel         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_cancel/new     302  403    403    403   404  200   404   403     403   302   403
portal:collaboration_chain              200  200    200    200   200  200   200   200     200   200   200
portal:collaboration_chain/new          404  200    200    200   404  200   404   200     200   404   404
members:application_guide               200  200    200    200   200  200   200   200     200   200   200
members:application_create              200  200    200    200   200  200   200   200     200   200   200
members:application_create/none         404  404    404    404   404  404   404   404     404   404   404
members:application_done                200  200    200    200   200  200   200   200     200   200   200
members:application_done/none           404  404    404    404   404  404   404   404     404   404   404
members:office_detail                   302  200    200    200   200  200   200   200     200   302   403
members:office_detail/none              302  404    404    404   404  404   404   404     404   302   403
members:office_update                   302  200    200    403   403  403   403   403     403   302   403
members:office_confirm                  302  405    405    405   405  405   405   405     405   302   403
members:office_vcard                    302  405    405    405   405  405   405   405     405   302   403
members:office_print                    302  405    405    405   405  405   405   405     405   302   403
members:profile_update                  302  200    200    403   403  403   403   403     403   302   403
members:seat_list                       302  200    403    403   403  403   403   403     403   302   403
members:invitation_create               302  200    403    403   403  403   403   403     403   302   403
members:seat_update                     302  200    403    403   403  403   403   403     403   302   403
members:seat_end                        302  200    403    403   403  403   403   403     403   302   403
members:invitation_resend               302  200    404    404   404  404   404   403     403   302   403
members:invitation_cancel               302  200    404    404   404  404   404   403     403   302   403
members:invitation_accept               302  403    403    403   403  403   403   403     403   302   403
members:invitation_decline              302  403    403    403   403  403   403   403     403   302   403
members:handover_create                 302  200    403    403   403  403   403   403     403   302   403
members:handover_create/deputy          302  200    200    403   404  404   404   403     403   302   403
members:handover_detail                 302  200    404    404   404  404   404   403     403   302   403
members:handover_update                 302  200    404    404   404  404   404   403     403   302   403
members:handover_resend                 302  200    404    404   404  404   404   403     403   302   403
members:handover_cancel                 302  200    404    404   404  404   404   403     403   302   403
members:handover_sheet                  302  200    404    404   404  404   404   403     403   302   403
members:handover_accept                 302  403    403    403   403  403   403   403     403   302   403
members:handover_decline                302  403    403    403   403  403   403   403     403   302   403
members:office_sheet                    302  200    200    200   403  403   403   403     403   302   403
members:login_replace                   302  200    403    403   404  404   404   403     403   302   403
members:login_objected                  200  200    200    200   200  200   200   200     200   200   200
members:login_disputed                  200  200    200    200   200  200   200   200     200   200   200
members:terms_accept                    302  302    302    302   302  302   302   302     302   302   302
members:terms_decline                   302  405    405    405   405  405   405   405     405   302   405
members:office_rename                   302  200    200    403   403  403   403   403     403   302   403
members:office_rename_cancel            302  302    302    403   403  403   403   403     403   302   403
members:passkey_login                   200  302    302    302   302  302   302   302     302   200   302
members:person_update                   302  200    200    200   200  200   200   200     200   302   403
members:own_data                        302  200    200    200   200  200   200   200     200   302   200
members:own_data_export                 302  405    405    405   405  405   405   405     405   302   405
proposals:proposal_list                 302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_export               302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_create               302  200    200    403   200  200   403   403     403   302   403
proposals:proposal_detail               302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_detail/none          302  404    404    404   404  404   404   404     404   302   403
proposals:proposal_detail/draft         302  200    200    200   404  404   404   404     404   302   403
proposals:proposal_detail/wards         302  404    404    404   404  200   404   200     200   302   403
proposals:proposal_detail/hidden        302  200    200    200   404  404   404   200     200   302   403
proposals:proposal_update               302  200    200    403   403  403   403   403     403   302   403
proposals:proposal_update/draft         302  200    200    403   404  404   404   404     404   302   403
proposals:proposal_update/wards         302  404    404    404   404  200   404   403     403   302   403
proposals:proposal_print                302  200    200    200   403  403   403   403     403   302   403
proposals:proposal_print/draft          302  200    200    200   404  404   404   404     404   302   403
proposals:proposal_delete/draft         302  200    200    403   404  404   404   404     404   302   403
proposals:proposal_withdraw             302  200    200    403   403  403   403   403     403   302   403
proposals:proposal_history              302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_history/wards        302  404    404    404   404  200   404   200     200   302   403
proposals:reply_create                  302  405    405    403   405  405   403   403     403   302   403
core:mail_link_code                     200  200    200    200   200  200   200   200     200   200   200
core:mail_link                          200  200    200    200   200  200   200   200     200   200   200
core:mail_link/none                     404  404    404    404   404  404   404   404     404   404   404
core:attachment_file                    200  200    200    200   200  200   200   200     200   200   200
core:attachment_file/members            404  200    200    200   200  200   200   200     200   404   404
core:attachment_file/draft              404  404    404    404   404  404   404   404     404   404   404
core:attachment_thumbnail               200  200    200    200   200  200   200   200     200   200   200
core:attachment_thumbnail/members       404  200    200    200   200  200   200   200     200   404   404
healthz                                 200  200    200    200   200  200   200   200     200   200   200
readyz                                  200  200    200    200   200  200   200   200     200   200   200
account_login                           200  302    302    302   302  302   302   302     302   200   302
account_logout                          302  200    200    200   200  200   200   200     200   302   200
account_confirm_login_code              302  302    302    302   302  302   302   302     302   302   302
account_password_reset_completed        200  200    200    200   200  200   200   200     200   200   200
account_set_password                    302  302    302    302   302  302   302   302     302   302   302
account_email_verification_sent         302  302    302    302   302  302   302   302     302   302   302
account_change_password                 302  200    200    200   200  200   200   200     200   302   200
account_signup                          200  302    302    302   302  302   302   302     302   200   302
account_inactive                        200  200    200    200   200  200   200   200     200   200   200
account_reauthenticate                  302  200    200    200   200  200   200   200     200   302   200
account_email                           302  200    200    200   200  200   200   200     200   302   200
account_reset_password                  200  200    200    200   200  200   200   200     200   200   200
account_confirm_password_reset_code     302  302    302    302   302  302   302   302     302   302   302
account_complete_password_reset         302  302    302    302   302  302   302   302     302   302   302
account_request_login_code              200  302    302    302   302  302   302   302     302   200   302
mfa_index                               302  200    200    200   200  200   200   200     200   302   200
mfa_authenticate                        302  302    302    302   302  302   302   302     302   302   302
mfa_reauthenticate                      302  302    302    302   302  302   302   302     302   302   302
mfa_activate_totp                       302  302    302    302   302  302   302   302     302   302   302
mfa_deactivate_totp                     302  404    404    404   404  404   404   404     404   302   404
mfa_view_recovery_codes                 302  404    404    404   404  404   404   404     404   302   404
mfa_generate_recovery_codes             302  302    302    302   302  302   302   302     302   302   302
mfa_download_recovery_codes             302  404    404    404   404  404   404   404     404   302   404
mfa_list_webauthn                       302  200    200    200   200  200   200   200     200   302   200
mfa_add_webauthn                        302  302    302    302   302  302   302   302     302   302   302
mfa_reauthenticate_webauthn             302  302    302    302   302  302   302   302     302   302   302
mfa_remove_webauthn                     302  302    302    302   302  302   302   302     302   302   302
mfa_edit_webauthn                       302  302    302    302   302  302   302   302     302   302   302
mfa_login_webauthn                      302  302    302    302   302  302   302   302     302   302   302
usersessions_list                       302  200    200    200   200  200   200   200     200   302   200
"""


def expected() -> dict[str, dict[str, int]]:
    """The table as answers by address and role."""
    roles, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return {name: dict(zip(roles, map(int, codes), strict=True)) for name, *codes in rows}


ROWS = expected()
