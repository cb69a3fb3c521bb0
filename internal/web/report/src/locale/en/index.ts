import type { Words } from '../pl';
import { details } from './details';
import { files } from './files';

/** Every English word of the page. */
export const en: Words = {
  product: 'Contacts',
  types: {
    OUTBOUND_CALL: 'outbound call',
    INBOUND_CALL: 'inbound call',
    CAMPAIGN_INBOUND_CALL: 'inbound call in a campaign',
    OUTBOUND_EMAIL: 'outbound e-mail',
    INBOUND_EMAIL: 'inbound e-mail',
    CONSULTATION: 'consultation',
    POST_CALL_SURVEY: 'post-call survey',
    EXTERNAL_TRANSFER: 'external transfer',
    OUTBOUND_SMS: 'outbound SMS',
    INBOUND_SMS: 'inbound SMS',
    CHAT: 'chat',
    MESSENGER_CHAT: 'chat (FB Messenger)',
    VOICE_MAILING_SURVEY: 'voice mailing survey',
    SITECALL_CUSTOMER_LEG: 'call to the customer (SiteCall)',
    SITECALL_AGENT_LEG: 'call to the agent (SiteCall)',
    MOBILE_OUTBOUND_CALL: 'outbound call (mobile app)',
    MOBILE_INBOUND_CALL: 'inbound call (mobile app)',
  },
  exportKinds: { SIMPLE: 'Simple report', DETAILED: 'Detailed report' },
  hangup: { CUSTOMER: 'customer', AGENT: 'agent', SYSTEM: 'system' },
  details,
  files,
};
