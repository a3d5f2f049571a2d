//! Generated boards and runs.

use history::{Record, Replica};
use serde_json::{Value, json};

/// The board of all stories.
pub(crate) const BOARD: u64 = 7;

/// The event with this number: tasks are added, and each third event changes the previous one.
pub(crate) fn event(seq: u64) -> Value {
    let (action, id) = if seq.is_multiple_of(3) { ("Update", seq - 1) } else { ("Add", seq) };
    json!({
        "seq": seq,
        "board_id": BOARD,
        "action": action,
        "entity": "task",
        "timestamp": format!("2026-01-01T00:00:00.{seq:03}Z"),
        "task": {"id": id, "title": format!("by {seq}"), "status": "todo", "position": format!("{id:04}")},
    })
}

/// The board right after the event with this number.
pub(crate) fn document(seq: u64) -> Value {
    let empty = json!({
        "id": BOARD, "epoch": "e", "name": "Board", "role": "owner", "seq": 0, "updated_at": "",
        "columns": [{"key": "todo", "name": "To do"}], "tasks": [], "members": [],
    });
    let mut replica = Replica::new(empty);
    for seq in 1..=seq {
        replica.apply(&event(seq)).expect("the next event");
    }
    replica.into_document()
}

/// A client whose records are being generated.
pub(crate) struct Teller {
    client: String,
    connection: u64,
    seq: u64,
    pub(crate) records: Vec<Record>,
}

impl Teller {
    /// A client that begins with a snapshot.
    pub(crate) fn new(client: &str, seq: u64) -> Self {
        let (client, board) = (client.to_owned(), BOARD);
        let document = document(seq).into();
        let snapshot = Record::Snapshot { client: client.clone(), board, document };
        Self { client, connection: 0, seq, records: vec![snapshot] }
    }

    /// Connects, and receives this head.
    pub(crate) fn subscribe(mut self, head: u64) -> Self {
        self.connection += 1;
        let (connection, board, after) = (self.connection, BOARD, Some(self.seq));
        let (client, epoch) = (self.client.clone(), "e".to_owned());
        self.records.push(Record::Subscribe { client, connection, board, after });
        let client = self.client.clone();
        self.records.push(Record::Subscribed { client, connection, board, seq: head, epoch });
        self
    }

    /// Receives everything up to here.
    pub(crate) fn receive(mut self, last: u64) -> Self {
        for seq in self.seq + 1..=last {
            let (client, connection) = (self.client.clone(), self.connection);
            let event = event(seq).into();
            let record = Record::Received { client, connection, board: BOARD, seq, event };
            self.records.push(record);
        }
        self.seq = self.seq.max(last);
        self
    }

    /// Receives the head in a heartbeat.
    pub(crate) fn head(mut self, seq: u64) -> Self {
        let (client, connection) = (self.client.clone(), self.connection);
        self.records.push(Record::Head { client, connection, board: BOARD, seq });
        self
    }

    /// Loses its connection.
    pub(crate) fn close(mut self) -> Self {
        let (client, connection) = (self.client.clone(), self.connection);
        self.records.push(Record::Closed { client, connection, code: None });
        self
    }

    /// Records its copy.
    pub(crate) fn end(mut self) -> Vec<Record> {
        let document = document(self.seq).into();
        let client = self.client;
        self.records.push(Record::Replica { client, board: BOARD, document });
        self.records
    }
}

/// Two acknowledged writes.
pub(crate) fn writes() -> Vec<Record> {
    let write = |key: &str, seq| {
        let (client, key, board) = ("cy".to_owned(), key.to_owned(), BOARD);
        let sent = Record::Sent { client: client.clone(), key: key.clone(), board };
        [sent, Record::Acknowledged { client, key, board, seq }]
    };
    [write("one", 2), write("two", 4)].concat()
}

/// The stored state at the end of the run.
pub(crate) fn truth(head: u64) -> Vec<Record> {
    let board = BOARD;
    let committed =
        (1..=head).map(|seq| Record::Committed { board, seq, event: event(seq).into() });
    committed.chain([Record::Final { board, document: document(head).into() }]).collect()
}

/// A valid run: one client that reconnects, and one that stays connected.
pub(crate) fn good() -> Vec<Record> {
    let ada = Teller::new("ada", 1).subscribe(2).receive(3).close().subscribe(3).receive(5).head(5);
    let bob = Teller::new("bob", 1).subscribe(1).head(2).receive(5).head(5);
    [ada.end(), bob.end(), writes(), truth(5)].concat()
}
