//! Lays out the files that the component serves: Swagger UI, out of the crate that brings it along,
//! and the page around it. The manifest mounts the folder.

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// What is taken out of the archive.
const TAKEN: &[&str] = &["swagger-ui-bundle.js", "swagger-ui.css"];

/// The files beside this one.
const OWN: &[&str] = &["index.html", "start.js", "page.css"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("files");
    fs::create_dir_all(folder)?;
    let mut digest = Digest::new();
    for name in OWN {
        let content = fs::read(Path::new("page").join(name))?;
        digest.add(&content);
        put(&folder.join(name), &content)?;
    }
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for name in TAKEN {
        let place = position(&archive, name)?;
        let (mut plain, mut deflated) = (Vec::new(), Vec::new());
        archive.by_index(place)?.read_to_end(&mut plain)?;
        let mut raw = archive.by_index_raw(place)?;
        let checksum = raw.crc32();
        raw.read_to_end(&mut deflated)?;
        drop(raw);
        digest.add(&plain);
        let compressed = gzip(&deflated, checksum, plain.len())?;
        put(&folder.join(format!("{name}.gz")), &compressed)?;
        put(&folder.join(name), &plain)?;
    }
    println!("cargo::rustc-env=DOCS_DIGEST={}", digest.0);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=page");
    println!("cargo::rerun-if-changed=files");
    Ok(())
}

/// Writes a file that is not so already: Cargo runs this again for files that are newer.
fn put(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    fs::write(path, content)
}

fn position(archive: &ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<usize, String> {
    let suffix = format!("/dist/{name}");
    let found = archive.file_names_raw().position(|path| path.ends_with(suffix.as_bytes()));
    found.ok_or_else(|| format!("Swagger UI has no {name}"))
}

/// A gzip file (RFC 1952) around what the archive holds compressed already.
fn gzip(deflated: &[u8], checksum: u32, length: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.write_all(deflated)?;
    file.write_all(&checksum.to_le_bytes())?;
    file.write_all(&u32::try_from(length)?.to_le_bytes())?;
    Ok(file)
}

/// FNV-1a: other files have another entity tag.
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, content: &[u8]) {
        for byte in content {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
