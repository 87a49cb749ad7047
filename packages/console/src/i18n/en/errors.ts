/** What went wrong, by the hub's codes: those that somebody at the console can meet. Others are shown as the hub says them. */
export const errors = {
  title: 'That did not work',
  code: 'Code',
  codes: {
    ERR_NETWORK: 'The hub does not answer. Nothing is known to have changed.',
    ERR_CONSOLE: 'The console made a mistake. Load the page again.',
    ERR_AUTH_FORBIDDEN: 'Your role does not allow this.',
    ERR_AUTH_CSRF: 'The page is out of date. Load it again.',
    ERR_RING_OPERATION: 'Another operation runs on this ring. Wait until it ends, or abort it.',
    ERR_RING_RETIRING:
      'The key before is still retiring. Rotating now keeps both valid; that needs your explicit consent.',
    ERR_RING_CONFLICT: 'Somebody else changed the ring at the same moment. Look again, and repeat.',
    ERR_RING_PLAN: 'The ring has changed since this preview. Preview again.',
    ERR_RING_NO_INSTANCES: 'No instance is connected, so nobody can acknowledge the new key.',
    ERR_RING_REGRESSED:
      'Changes halt: the database was set back. An emergency or a new epoch is the way out.',
    ERR_RING_NO_UNDO: 'There is nothing to roll back.',
    ERR_RING_TARGET: 'There is no way back to that key any more.',
    ERR_RING_FULL: 'The ring is full. Retire or destroy a key first.',
    ERR_GATE_TIMEOUT:
      'Not every instance acknowledged in time. Nothing signs with the new key; everything still works.',
    ERR_CONFIRM_TIMEOUT: 'The change is made. Not every instance has confirmed it in time.',
    ERR_CONFIG_LIMITS: 'These durations do not fit together.',
    ERR_OPERATOR_EXISTS: 'There is an operator of that name.',
    ERR_OPERATOR_LAST_ADMIN: 'The last admin stays.',
    ERR_RING_KEY_OUTSTANDING: 'Tokens of this key are still valid. Retiring it now signs these people out.',
    ERR_RING_INSTANCE_ALIVE: 'The instance is alive: only a lost one can be forgotten.',
    ERR_STORE_UNREACHABLE: 'The hub cannot reach its database. Nothing was changed.',
    ERR_REQUEST_INVALID: 'The hub did not accept this input.',
  },
}
