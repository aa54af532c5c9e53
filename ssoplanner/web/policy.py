"""Who may open the shared pages, and which of the sign-in library's pages we offer."""

from ssoplanner.access.gate import SEES_ALL
from ssoplanner.access.policy import Rule, closed, members, public, signed_in
from ssoplanner.core.models import Role

OFFICE = (Role.OFFICE,)
FILLS_IN = (Role.OFFICE, Role.LEAD)

office_only = members(read=OFFICE, write=OFFICE)
fills_in = members(read=FILLS_IN, write=FILLS_IN)

SIGN_IN = "one must be able to open it before one is signed in"
OWN_ACCOUNT = "concerns one's own account only"
BY_INVITATION = "accounts come by invitation"
NOT_OFFERED = "a way to sign in that is not offered"

POLICY: dict[str, Rule] = {
    "healthz": public("the load balancer asks it, and it tells nothing but yes or no"),
    "security_txt": public("RFC 9116 wants it found by anybody"),
    "robots_txt": public("robots do not sign in"),
    "invitation": public("the signed link is the key, and a new person has no account yet"),
    "plans": signed_in("lists one's own plans"),
    "account": signed_in(OWN_ACCOUNT),
    "plan": members(),
    "plan_settings": members(write=OFFICE),
    "history": members(read=SEES_ALL),
    "agencies": members(),
    "agency": members(read={*SEES_ALL, Role.LEAD}),
    "agency_new": office_only,
    "agency_edit": fills_in,
    "agency_delete": office_only,
    "provision_new": fills_in,
    "provision_edit": fills_in,
    "provision_delete": fills_in,
    "services": members(),
    "service_new": office_only,
    "service_edit": office_only,
    "service_delete": office_only,
    "area_new": office_only,
    "area_edit": office_only,
    "area_delete": office_only,
    "systems": members(read={*SEES_ALL, Role.LEAD}),
    "system_new": fills_in,
    "system_edit": fills_in,
    "system_delete": fills_in,
    "kpis": members(),
    "kpi_new": office_only,
    "kpi_edit": office_only,
    "kpi_delete": office_only,
    "people": members(read=SEES_ALL),
    "invite": office_only,
    "membership_edit": office_only,
    "membership_delete": office_only,
    "invitation_resend": members(read=(), write=OFFICE),
    "invitation_withdraw": office_only,
    "account_login": public(SIGN_IN),
    "account_logout": public("signing out twice harms nobody"),
    "account_inactive": public(SIGN_IN),
    "account_reset_password": public(SIGN_IN),
    "account_reset_password_done": public(SIGN_IN),
    "account_reset_password_from_key": public("the link in the mail is the key"),
    "account_reset_password_from_key_done": public(SIGN_IN),
    "account_reauthenticate": signed_in(OWN_ACCOUNT),
    "account_change_password": signed_in(OWN_ACCOUNT),
    "account_set_password": signed_in(OWN_ACCOUNT),
    "account_signup": closed(BY_INVITATION),
    "account_email": closed("the address is the name one signs in with; the program office invites a new one"),
    "account_email_verification_sent": closed(BY_INVITATION),
    "account_confirm_email": closed(BY_INVITATION),
    "account_confirm_login_code": closed(NOT_OFFERED),
    "mfa_authenticate": public("the second factor comes before one is signed in"),
    "mfa_login_webauthn": public(SIGN_IN),
    "mfa_index": signed_in(OWN_ACCOUNT),
    "mfa_reauthenticate": signed_in(OWN_ACCOUNT),
    "mfa_reauthenticate_webauthn": signed_in(OWN_ACCOUNT),
    "mfa_activate_totp": signed_in(OWN_ACCOUNT),
    "mfa_deactivate_totp": signed_in(OWN_ACCOUNT),
    "mfa_view_recovery_codes": signed_in(OWN_ACCOUNT),
    "mfa_generate_recovery_codes": signed_in(OWN_ACCOUNT),
    "mfa_download_recovery_codes": signed_in(OWN_ACCOUNT),
    "mfa_list_webauthn": signed_in(OWN_ACCOUNT),
    "mfa_add_webauthn": signed_in(OWN_ACCOUNT),
    "mfa_remove_webauthn": signed_in(OWN_ACCOUNT),
    "mfa_edit_webauthn": signed_in(OWN_ACCOUNT),
    "socialaccount_login_cancelled": public(SIGN_IN),
    "socialaccount_login_error": public(SIGN_IN),
    "socialaccount_signup": closed(BY_INVITATION),
    "socialaccount_connections": signed_in(OWN_ACCOUNT),
    "openid_connect_login": public(SIGN_IN),
    "openid_connect_callback": public("the identity provider sends people back here"),
}
