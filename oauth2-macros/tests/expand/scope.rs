#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Scope for Access {
        const NAMES: &'static [&'static str] = &["photos:read", "photos:write"];
        const TEXTS: &'static [&'static str] = &[
            "See your photos",
            "Upload and delete photos",
        ];
        const ALL: &'static [Self] = &[Self::ReadPhotos, Self::WritePhotos];
        fn index(&self) -> usize {
            match self {
                Self::ReadPhotos => 0,
                Self::WritePhotos => 1,
            }
        }
    }
    impl Access {
        #[doc(hidden)]
        pub const fn __scope(&self) -> &'static str {
            match self {
                Self::ReadPhotos => "photos:read",
                Self::WritePhotos => "photos:write",
            }
        }
    }
    impl<__R: ::core::convert::Into<__rt::Requirement<Access>>> ::core::ops::BitAnd<__R>
    for Access {
        type Output = __rt::Requirement<Access>;
        fn bitand(self, other: __R) -> Self::Output {
            __rt::Requirement::One(self).and(other)
        }
    }
    impl<__R: ::core::convert::Into<__rt::Requirement<Access>>> ::core::ops::BitOr<__R>
    for Access {
        type Output = __rt::Requirement<Access>;
        fn bitor(self, other: __R) -> Self::Output {
            __rt::Requirement::One(self).or(other)
        }
    }
};
