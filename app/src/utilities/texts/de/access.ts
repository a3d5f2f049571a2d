/** German texts of invitations. */

import type { access as english } from "../en/access";

export const access: typeof english = {
  invite: {
    toBoard: (who, board) => `${who} lädt Sie auf das Board „${board}“ ein`,
    toAccount: (who) => `${who} lädt Sie ein, hier ein Konto anzulegen`,
    until: (moment) => `Die Einladung gilt bis ${moment}.`,
    youAre: (name) => `Sie sind als ${name} angemeldet.`,
    hasAccount: (name) => `Sie haben schon ein Konto: Sie sind als ${name} angemeldet.`,
    join: "Beitreten",
    registerAndJoin: "Registrieren und beitreten",
    logInAndJoin: "Anmelden und beitreten",
    noRegister: "Dazu brauchen Sie hier ein Konto, und diese Einladung legt keines an.",
    joined: (board) => `Sie sind „${board}“ beigetreten.`,
    already: (board) => `Sie sind schon Mitglied von „${board}“.`,
    failed: "Die Einladung konnte nicht geladen werden",
    joinFailed: "Sie sind nicht beigetreten",
    invalidTitle: "Diese Einladung gilt nicht",
    invalid:
      "Sie ist vielleicht abgelaufen, verbraucht oder zurückgenommen, oder der Link wurde unterwegs gekürzt. Bitten Sie um eine neue.",
  },
};
