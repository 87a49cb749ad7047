/** Words of the screen that starts a rotation or a rollback. */
export const rotate = {
  title: 'Rotate {{ring}}',
  how: 'What should happen?',
  cards: {
    graceful: {
      name: 'Graceful',
      consequence: 'Nobody is signed out.',
      text: 'Tokens of the old key stay valid until {{until}}, while every new one is signed with a new key.',
      undo: 'Can be rolled back.',
    },
    hard: {
      name: 'Hard',
      consequence: 'Everybody logs in again: at most {{sessions}} sessions.',
      consequenceNone: 'Everybody logs in again. No token is known to be in use.',
      text: 'Every token and every login session ends the moment the new key signs.',
      undo: 'Can be rolled back until {{until}}: these sessions work again then.',
    },
    emergency: {
      name: 'Emergency',
      consequence: 'Kills a leaked key now.',
      text: 'Every key is dead on every instance in seconds, can never come back, and at most {{sessions}} sessions end.',
      undo: 'Cannot be rolled back.',
      open: 'To the emergency page',
    },
    rollback: {
      name: 'Roll back',
      consequence: 'Key {{kid}} signs again. Nobody is signed out.',
      consequenceRestored: 'Key {{kid}} signs again, and the sessions that ended work again.',
      text: 'Tokens of the key that signs now stay valid until {{until}}.',
    },
  },
  cause: 'Cause',
  reasonPlaceholder: 'quarterly rotation',
  reasonMissing: 'Say why: the audit trail keeps it.',
  everywhere: 'All {{count}} environments of {{application}} at once',
  everywhereHint:
    'All or none: no environment signs with its new key before every instance of all of them has acknowledged.',
  force: 'Rotate although {{kid}} is still retiring until {{until}}',
  forceHint: 'Both keys stay valid for as long as they would have; nobody is signed out.',
  preview: 'Preview',
  previewOf: 'Preview: {{plan}}',
  nothingYet:
    'Nothing has changed yet. What you apply is exactly this; if the ring changes before, the hub refuses.',
  moves: 'Keys',
  newKey: 'a new key',
  steps: {
    stage: 'Every instance learns {{key}}. It verifies, and signs nothing yet.',
    gate_one:
      'Only when the one instance has acknowledged it does it go on; else it stops here, and nothing has changed for users.',
    gate_other:
      'Only when all {{count}} instances have acknowledged it does it go on; else it stops here, and nothing has changed for users.',
    activate: '{{key}} signs.',
    activateHard: '{{key}} signs. Every earlier token and session ends.',
    drain: 'Tokens of the old key stay valid for {{grace}}.',
    destroy: 'The old key is erased.',
    hold: 'The old keys are kept for {{hold}} for a rollback, then erased.',
  },
  stepNames: {
    stage: 'Stage',
    gate: 'Gate',
    activate: 'Activate',
    drain: 'Drain',
    destroy: 'Destroy',
    hold: 'Hold',
  },
  sessionsEnded: 'Sessions that end: all, at most {{sessions}}',
  sessionsAll: 'Sessions that end: all',
  sessionsNone: 'Sessions that end: 0',
  apply: {
    graceful: 'Rotate {{ring}} gracefully now',
    hard: 'Sign everybody out of {{ring}} now',
    rollback: 'Roll {{ring}} back now',
    everywhere: 'Rotate all {{count}} environments now',
  },
  applying: 'Starting…',
  noInstances: 'Where no instance is connected, go on without any acknowledgement',
  limits: 'With the next generation these durations apply:',
}
