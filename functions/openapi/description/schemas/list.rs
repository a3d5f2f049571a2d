//! Pages of lists, which all look the same.

/// Defines a page of items.
macro_rules! page {
    ($(#[doc = $doc:literal])+ $name:ident of $item:ty) => {
        $(#[doc = $doc])+
        #[derive(utoipa::ToSchema)]
        pub(crate) struct $name {
            /// The entries of this page, in an order that is stable while others are added.
            pub(crate) items: Vec<$item>,
            /// Where the next page begins; null on the last one.
            #[schema(required)]
            pub(crate) next_cursor: Option<$crate::description::schemas::scalar::Cursor>,
        }
    };
}

pub(crate) use page;
