use oauth2_runtime::prelude::*;

#[grant(extension = "sms-code")]
struct SmsCode;

fn main() {}
