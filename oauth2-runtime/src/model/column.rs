/// A role that one type can play, stored and given back as it is.
macro_rules! column {
    ($(#[$attributes:meta])* $trait:ident: $value:ty) => {
        $(#[$attributes])*
        pub trait $trait: Sized {
            /// The stored value.
            fn get(&self) -> &$value;
            /// The value to store.
            fn put(value: $value) -> Self;
        }

        #[diagnostic::do_not_recommend]
        impl $trait for $value {
            fn get(&self) -> &$value {
                self
            }

            fn put(value: $value) -> Self {
                value
            }
        }
    };
}

pub(super) use column;
