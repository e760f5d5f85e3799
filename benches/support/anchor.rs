//! The anchor: the least that a web server in this language can do. Whatever the machine, the product's cost is told
//! as a multiple of it.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;

/// The argument that makes a bench be the anchor.
pub(crate) const ROLE: &str = "be-the-anchor";

/// Answers 200 to every POST without looking at the body, until the process is killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("anchor: http://{}/", listener.local_addr()?);
        let routes = Router::new().route("/webhook/messenger", post(|| async { StatusCode::OK }));
        Ok(axum::serve(listener, routes).await?)
    })
}
