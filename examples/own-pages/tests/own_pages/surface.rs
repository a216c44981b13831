//! What clients rely on, in a file: nobody changes it unknowingly.

use oauth2_runtime::prelude::*;
use oauth2_runtime::testing::pin_manifest;
use own_pages::Auth;

#[test]
fn surface() {
    pin_manifest(&Auth::MANIFEST, "auth.manifest");
}
