// @ts-check
'use strict';
// Temporal loads a payload converter by path, outside our compiler: hence CommonJS.
const { defaultPayloadConverter } = require('@temporalio/common');

/**
 * The default payload converter, but for what it cannot read: a signal typed by hand that is not even JSON would
 * otherwise fail the workflow task for ever, and nobody would watch the account any more. What cannot be read arrives
 * as `{ unreadable: true }`, which every handler refuses with words.
 *
 * @type {import('@temporalio/common').PayloadConverter}
 */
exports.payloadConverter = {
  toPayload(value) {
    return defaultPayloadConverter.toPayload(value);
  },
  fromPayload(payload) {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch {
      // What we wrote ourselves can always be read, so this is a message from outside.
      return /** @type {any} */ ({ unreadable: true });
    }
  },
};
