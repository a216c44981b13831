//! What clients of the servers rely on, in a file each: nobody changes it unknowingly.

use oauth2_runtime::prelude::*;
use oauth2_runtime::testing::pin_manifest;

use crate::classic::Classic;
use crate::modern::Modern;

#[test]
fn modern() {
    pin_manifest(&Modern::MANIFEST, "modern.manifest");
}

#[test]
fn classic() {
    pin_manifest(&Classic::MANIFEST, "classic.manifest");
}
