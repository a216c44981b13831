async fn photos(
    ::oauth2_runtime::__private::Protected(
        token,
        _,
    ): ::oauth2_runtime::__private::Protected<Auth, Bearer<Auth>, __photos_protection>,
    State(app): State<App>,
) -> Json<Vec<Photo>> {
    load(token, app)
}
#[allow(non_camel_case_types, unreachable_pub)]
struct __photos_protection;
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    impl __rt::Protection<Auth, Bearer<Auth>> for __photos_protection
    where
        Auth: __rt::OAuth2Server,
    {
        const REQUIREMENT: __rt::Requirement<<Auth as __rt::Models>::Scopes> = __rt::Requirement::All(
            &[
                __rt::Requirement::One(Access::ReadPhotos),
                __rt::Requirement::One(Access::WritePhotos),
            ],
        );
        const REALM: __rt::Realm = __rt::Realm::named("photos");
        fn argument(outcome: __rt::Outcome<Auth>) -> __rt::Guarded<Bearer<Auth>> {
            <Bearer<Auth> as __rt::TokenArgument<Auth>>::from_outcome(outcome)
        }
        fn allows(__token: &__rt::Bearer<Auth>, __parts: &__rt::Parts) -> bool {
            from_the_office(__token, __parts)
        }
    }
};
