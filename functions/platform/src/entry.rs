//! How a component exports its handler: as `wasi:http/handler` of WASI 0.3, and nothing else.

/// Makes a function the one that answers the component's requests.
///
/// ```ignore
/// platform::http_service!(handle);
///
/// async fn handle(request: Request) -> Response {
///     serve(request, &[Method::GET], async |call| hello(call)).await
/// }
/// ```
#[macro_export]
macro_rules! http_service {
    ($handle:ident) => {
        const _: () = {
            struct Component;

            $crate::wasip3::http::service::export!(Component);

            impl $crate::wasip3::exports::http::handler::Guest for Component {
                async fn handle(
                    request: $crate::wasip3::http::types::Request,
                ) -> Result<$crate::Response, $crate::wasip3::http::types::ErrorCode> {
                    Ok($handle($crate::Request::of(request)?).await)
                }
            }
        };
    };
}
