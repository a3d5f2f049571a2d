/** English texts of the welcome screen. */

export const welcome = {
  title: "Welcome",
  tagline: "A board that moves for everybody at once",
  lead: "Put tasks on a board, invite others, and watch each other's cards move as it happens. The network may come and go: nothing that you write is lost.",
  points: [
    {
      title: "Live",
      text: "What somebody changes is on every screen in a moment, and you see who is here.",
    },
    {
      title: "Works offline",
      text: "Keep working without a network. Your changes wait on this device and are sent when it is back.",
    },
    {
      title: "Nothing gets lost",
      text: "Every change can be undone, and where two people changed the same thing, you choose.",
    },
  ],
  without: "No account? No problem.",
  withoutText:
    "Everybody who opens this server shares the boards without accounts, and they last until it restarts. Good for trying, or for a meeting.",
};
