//! The fields of an export of Trello that are empty of meaning anywhere else: ids, addresses at Trello,
//! counts, and what another field says as well.

/// Of the board. `labelNames` repeats `labels`; `memberships` are those of the `members`.
pub(super) const OF_BOARD: &[&str] = &[
    "id",
    "nodeId",
    "url",
    "shortLink",
    "shortUrl",
    "idOrganization",
    "idEnterprise",
    "idMemberCreator",
    "idBoardSource",
    "limits",
    "dateLastActivity",
    "dateLastView",
    "dateClosed",
    "datePluginDisable",
    "creationMethod",
    "ixUpdate",
    "enterpriseOwned",
    "premiumFeatures",
    "type",
    "memberships",
    "labelNames",
];

/// Of a list.
pub(super) const OF_LIST: &[&str] = &[
    "id",
    "nodeId",
    "idBoard",
    "idOrganization",
    "limits",
    "creationMethod",
    "type",
    "datasource",
];

/// Of a card. `badges` count what the card has; `idChecklists`, `checkItemStates` and `idLabels` repeat
/// what is elsewhere; the map's picture shows `coordinates`.
pub(super) const OF_CARD: &[&str] = &[
    "nodeId",
    "idBoard",
    "idOrganization",
    "idMemberCreator",
    "idShort",
    "idChecklists",
    "checkItemStates",
    "idAttachmentCover",
    "manualCoverAttachment",
    "badges",
    "limits",
    "email",
    "url",
    "shortUrl",
    "shortLink",
    "dateLastActivity",
    "creationMethod",
    "creationMethodError",
    "creationMethodLoadingStartedAt",
    "staticMapUrl",
    "faviconUrl",
    "ixUpdate",
];

/// Of a label, on the board and on a card. Their colours get one warning.
pub(super) const OF_LABEL: &[&str] =
    &["id", "nodeId", "idBoard", "idOrganization", "color", "uses", "limits"];

/// Of an attachment: the file itself gets a warning.
pub(super) const OF_ATTACHMENT: &[&str] = &[
    "id",
    "idMember",
    "bytes",
    "date",
    "edgeColor",
    "isMalicious",
    "isUpload",
    "mimeType",
    "pos",
    "previews",
    "fileName",
    "limits",
];

/// Of a checklist.
pub(super) const OF_CHECKLIST: &[&str] = &["id", "nodeId", "idBoard", "limits", "creationMethod"];

/// Of an item of a checklist.
pub(super) const OF_CHECK_ITEM: &[&str] = &["id", "nodeId", "idChecklist", "limits", "type"];

/// Of a comment, which Trello keeps as an action.
pub(super) const OF_ACTION: &[&str] =
    &["id", "idMemberCreator", "appCreator", "limits", "display", "member"];

/// Of a comment: where it is.
pub(super) const OF_ACTION_DATA: &[&str] =
    &["board", "list", "textData", "idAction", "boardSource", "cardSource"];
