import{C as e,S as t,T as n,a as r,an as i,c as a,l as o,n as s,o as c,p as l,r as u,s as d,sn as f,t as p,u as m}from"./generated-DhbdRjDA.js";import{n as h,t as g}from"./PanelGrip-D-XL2D1j.js";import{i as _,n as v,r as y,t as b}from"./index-DwsQ7Det.js";var x=f(i(),1),S=p(`
  query ContactDetails($id: ID!) {
    contact(id: $id) {
      id
      externalId
      type
      channel
      status
      unfinished
      startedAt
      campaign {
        id
        name
      }
      agent {
        id
        name
        externalId
        deletedAt
      }
      queue {
        id
        name
      }
      classifier {
        id
        name
      }
      record {
        id
        externalId
        significantField {
          name
          value
        }
      }
      siteCall {
        id
        name
      }
      siteCallOrderId
      ticketId
      sourceAddress
      destinationAddress
      toAddresses
      ccAddresses
      bccAddresses
      ivrTime
      ringTime
      agentTalkTime
      talkTime
      hangupParty
      details {
        __typename
        ... on RecordingInfo {
          path
          seconds
        }
        ... on EmailInfo {
          subject
          body
          attachments {
            name
            size
          }
        }
        ... on ChatInfo {
          messages {
            at
            author
            text
          }
        }
        ... on SmsInfo {
          text
        }
      }
    }
  }
`),C=m();function w({messages:e,agent:t,timeZone:n}){let{words:i,format:a}=r(),o=(0,x.useMemo)(()=>new Intl.DateTimeFormat(`en-CA`,{timeZone:n,year:`numeric`,month:`2-digit`,day:`2-digit`}),[n]),s=e=>o.format(new Date(e.at));return e.length===0?(0,C.jsx)(`p`,{className:`details-quiet`,children:i.details.noMessages}):(0,C.jsx)(`ol`,{className:`chat`,children:e.map((r,i)=>{let o=e[i-1],c=!o||s(o)!==s(r),l=o!==void 0&&o.author===r.author&&!c;return(0,C.jsxs)(`li`,{className:r.author===t?`chat-line chat-line-own`:`chat-line`,children:[c&&(0,C.jsx)(`p`,{className:`chat-day`,children:a.day(s(r))}),!l&&(0,C.jsx)(`bdi`,{className:`chat-author`,children:r.author}),(0,C.jsxs)(`div`,{className:`chat-bubble`,children:[l&&(0,C.jsxs)(`span`,{className:`unseen`,children:[r.author,`: `]}),(0,C.jsx)(`p`,{dir:`auto`,children:r.text}),(0,C.jsx)(`time`,{dateTime:r.at,children:a.time(r.at,n)})]})]},i)})})}function T({title:e,reason:t}){return(0,C.jsxs)(`div`,{className:`details-hidden`,children:[(0,C.jsx)(o,{name:`lock`}),(0,C.jsxs)(`p`,{children:[(0,C.jsx)(`strong`,{children:e}),(0,C.jsx)(`span`,{children:t})]})]})}function E({reason:e}){let{words:t}=r();return(0,C.jsxs)(`span`,{className:`details-hidden-value`,children:[(0,C.jsx)(o,{name:`lock`,size:14}),(0,C.jsxs)(`span`,{children:[t.details.hidden,(0,C.jsx)(`small`,{children:e})]})]})}var D=`***`;function O(e){return e.includes(D)}function k({children:e}){return O(e)?(0,C.jsxs)(`span`,{className:`details-masked`,children:[(0,C.jsx)(`bdi`,{children:e}),(0,C.jsx)(o,{name:`lock`,size:12})]}):(0,C.jsx)(`bdi`,{className:`details-address`,children:e})}function A({email:e,contact:t,bccFault:n}){let{words:i,format:a}=r(),s=(e,t)=>t.length>0&&(0,C.jsxs)(`div`,{children:[(0,C.jsx)(`dt`,{children:e}),(0,C.jsx)(`dd`,{children:t.map((e,t)=>(0,C.jsxs)(`span`,{children:[t>0&&`, `,(0,C.jsx)(k,{children:e})]},t))})]});return(0,C.jsxs)(`div`,{className:`email`,children:[(0,C.jsxs)(`p`,{className:`email-subject`,dir:`auto`,children:[(0,C.jsxs)(`span`,{className:`unseen`,children:[i.details.subject,`: `]}),e.subject?(0,C.jsx)(`bdi`,{children:e.subject}):(0,C.jsx)(`span`,{className:`details-quiet`,children:i.details.noSubject})]}),(0,C.jsxs)(`dl`,{className:`email-head`,children:[s(i.details.from,t.sourceAddress?[t.sourceAddress]:[]),s(i.details.to,t.destinationAddress?[t.destinationAddress]:[]),s(i.details.cc,t.ccAddresses),t.bccAddresses==null?(0,C.jsxs)(`div`,{children:[(0,C.jsx)(`dt`,{children:i.details.bcc}),(0,C.jsx)(`dd`,{children:(0,C.jsx)(E,{reason:n?.message||i.details.mayNotBcc})})]}):s(i.details.bcc,t.bccAddresses)]}),e.body?(0,C.jsx)(`p`,{className:`email-body`,dir:`auto`,children:e.body}):(0,C.jsx)(`p`,{className:`email-body details-quiet`,children:i.details.noBody}),e.attachments.length>0&&(0,C.jsxs)(`div`,{className:`email-attachments`,children:[(0,C.jsx)(`p`,{className:`email-attachments-count`,children:a.plural(e.attachments.length,i.details.attachments)}),(0,C.jsx)(`ul`,{children:e.attachments.map((e,t)=>(0,C.jsxs)(`li`,{className:`email-attachment`,children:[(0,C.jsx)(o,{name:`clip`}),(0,C.jsx)(`bdi`,{children:j(e.name)}),(0,C.jsx)(`span`,{children:a.bytes(e.size)})]},t))})]})]})}function j(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,`�`)}var M=2500;function N({text:e}){let{words:t}=r(),[n,i]=(0,x.useState)(0);return(0,x.useEffect)(()=>{if(n===0)return;let e=setTimeout(()=>i(0),M);return()=>clearTimeout(e)},[n]),(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(u,{icon:n?`check`:`file`,onPress:()=>void P(e).then(e=>e&&i(e=>e+1)),children:n?t.details.copied:t.details.copy}),(0,C.jsx)(`span`,{className:`unseen`,role:`status`,children:n?t.details.copied:``})]})}async function P(e){try{return await navigator.clipboard.writeText(e),!0}catch{let t=document.activeElement,n=document.createElement(`textarea`);n.value=e,n.className=`unseen`,document.body.append(n),n.select();let r=document.execCommand(`copy`);return n.remove(),t instanceof HTMLElement&&t.focus({preventScroll:!0}),r}}function F({recording:e}){let{words:t,format:n}=r(),[i,a]=(0,x.useState)(!1),s=I(e.path);return(0,C.jsxs)(`div`,{className:`recording`,children:[e.seconds!=null&&(0,C.jsxs)(`p`,{className:`recording-length`,children:[(0,C.jsx)(o,{name:`clock`}),(0,C.jsxs)(`span`,{className:`unseen`,children:[t.details.recordingLength,`: `]}),n.duration(e.seconds)]}),s&&!i&&(0,C.jsx)(`audio`,{className:`recording-player`,"aria-label":t.details.recordingPlayer,controls:!0,preload:`metadata`,src:s,onError:()=>a(!0)}),(0,C.jsxs)(`div`,{className:`recording-path`,children:[(0,C.jsx)(`code`,{"aria-label":t.details.recordingPath,children:(0,C.jsx)(`bdi`,{children:e.path})}),(0,C.jsx)(N,{text:e.path})]}),(!s||i)&&(0,C.jsx)(`p`,{className:`details-note`,children:i?t.details.recordingBroken:t.details.recordingElsewhere})]})}function I(e){if(!/^https?:\/\//i.test(e))return null;try{let t=new URL(e);return t.origin===location.origin?t.href:null}catch{return null}}function L({text:e,sent:t}){return(0,C.jsx)(`div`,{className:t?`chat-line chat-line-own`:`chat-line`,children:(0,C.jsx)(`div`,{className:`chat-bubble`,children:(0,C.jsx)(`p`,{dir:`auto`,children:e})})})}function R({contact:e,bccFault:t,timeZone:n}){let{words:i,format:a}=r(),o=e.details;switch(o?.__typename){case`RecordingInfo`:return(0,C.jsx)(z,{title:i.details.recording,children:(0,C.jsx)(F,{recording:o})});case`EmailInfo`:return(0,C.jsx)(z,{title:i.details.email,children:(0,C.jsx)(A,{email:o,contact:e,bccFault:t})});case`ChatInfo`:return(0,C.jsx)(z,{title:i.details.chat,note:a.plural(o.messages.length,i.details.messages),children:(0,C.jsx)(w,{messages:o.messages,agent:e.agent?.name,timeZone:n})});case`SmsInfo`:return(0,C.jsx)(z,{title:i.details.sms,note:a.plural([...o.text].length,i.details.characters),children:(0,C.jsx)(L,{text:o.text,sent:e.type===`OUTBOUND_SMS`})});default:return null}}function z({title:e,note:t,children:n}){return(0,C.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-content`,children:[(0,C.jsxs)(`h3`,{id:`details-content`,className:`details-heading`,children:[e,t&&(0,C.jsx)(`span`,{className:`details-heading-note`,children:t})]}),n]})}var B={OUTBOUND_EMAIL:`mail`,INBOUND_EMAIL:`mail`,OUTBOUND_SMS:`sms`,INBOUND_SMS:`sms`,CHAT:`chat`,MESSENGER_CHAT:`chat`},V={ANSWERED:`good`,RINGING:`live`,PENDING:`live`,FAILED:`bad`,BUSY:`warn`,NO_ANSWER:`warn`,CLASSIFIER:`calm`};function H({status:e,unfinished:t},n){return t?n.unfinished:e.replace(`_`,` `)}function U({status:e,unfinished:t},n){return t?n.details.unfinished:e===`RINGING`||e===`PENDING`?n.details.live[e]:null}function W({contact:e,timeZone:t}){let{words:n,format:i}=r(),a=U(e,n),s=e.unfinished?`warn`:V[e.status];return(0,C.jsxs)(`header`,{className:`details-summary`,children:[(0,C.jsx)(`span`,{className:`details-kind`,children:(0,C.jsx)(o,{name:B[e.type]??`phone`,size:20})}),(0,C.jsxs)(`div`,{className:`details-what`,children:[(0,C.jsx)(`p`,{className:`details-type`,children:(0,C.jsx)(`bdi`,{children:b(e,n)})}),(0,C.jsx)(`p`,{className:`details-when`,children:(0,C.jsx)(`time`,{dateTime:e.startedAt,children:i.moment(e.startedAt,t)})})]}),(0,C.jsx)(`span`,{className:`details-status details-status-${s}`,children:H(e,n)}),a&&(0,C.jsx)(`p`,{className:`details-live`,children:a})]})}function G({contact:t,bccFault:n,timeZone:i}){let{words:a,format:o}=r(),s=_(e()),c={...a.columns,...a.details.fields},l=e=>e==null?null:o.duration(e),u=e=>(0,C.jsx)(`span`,{className:`details-quiet`,children:e}),d=[t.sourceAddress,t.destinationAddress,...t.toAddresses,...t.ccAddresses].some(e=>e!=null&&O(e)),f=t.bccAddresses?X(t.bccAddresses):Z(t)&&(0,C.jsx)(E,{reason:n?.message||a.details.mayNotBcc});return(0,C.jsxs)(C.Fragment,{children:[(0,C.jsxs)(K,{id:`people`,title:a.details.sections.people,note:d?a.details.masked:void 0,children:[(0,C.jsx)(q,{label:c.sourceAddress,children:Y(t.sourceAddress)??u(a.details.unknown)}),(0,C.jsx)(q,{label:c.destinationAddress,children:X(t.toAddresses)??Y(t.destinationAddress)??u(a.details.unknown)}),(0,C.jsx)(q,{label:c.ccAddresses,children:X(t.ccAddresses)}),(0,C.jsx)(q,{label:c.bccAddresses,children:f}),(0,C.jsx)(q,{label:c.campaign,children:J(t.campaign?.name)??u(a.details.outsideCampaign)}),(0,C.jsx)(q,{label:c.agent,children:t.agent?(0,C.jsxs)(C.Fragment,{children:[J(y(t.agent,s)),t.agent.deletedAt&&(0,C.jsx)(`span`,{className:`details-tag`,children:a.details.deletedAgent})]}):u(a.details.noAgent)})]}),(0,C.jsxs)(K,{id:`course`,title:a.details.sections.course,children:[(0,C.jsx)(q,{label:c.startedAt,children:o.moment(t.startedAt,i)}),(0,C.jsx)(q,{label:c.type,children:J(b(t,a))}),(0,C.jsx)(q,{label:c.status,children:H(t,a)}),(0,C.jsx)(q,{label:c.talkTime,children:l(t.talkTime)}),(0,C.jsx)(q,{label:c.ringTime,children:l(t.ringTime)}),(0,C.jsx)(q,{label:c.ivrTime,children:l(t.ivrTime)}),(0,C.jsx)(q,{label:c.agentTalkTime,children:l(t.agentTalkTime)}),(0,C.jsx)(q,{label:c.queue,children:J(t.queue?.name)}),(0,C.jsx)(q,{label:c.classifier,children:J(t.classifier?.name)??u(a.details.noClassifier)}),(0,C.jsx)(q,{label:c.hangupParty,children:t.hangupParty&&a.hangup[t.hangupParty]})]}),(0,C.jsxs)(K,{id:`context`,title:a.details.sections.context,children:[(0,C.jsx)(q,{label:c.externalId,children:J(t.externalId)}),(0,C.jsx)(q,{label:c.recordId,children:J(t.record?.externalId)}),(0,C.jsx)(q,{label:c.significantField,children:t.record?.significantField&&(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(`bdi`,{className:`details-quiet`,children:t.record.significantField.name}),` `,J(t.record.significantField.value)]})}),(0,C.jsx)(q,{label:c.ticketId,children:J(t.ticketId)}),(0,C.jsx)(q,{label:c.siteCall,children:J(t.siteCall?.name)}),(0,C.jsx)(q,{label:c.siteCallOrderId,children:J(t.siteCallOrderId)})]})]})}function K({id:e,title:t,note:n,children:r}){return(0,C.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-${e}`,children:[(0,C.jsx)(`h3`,{id:`details-${e}`,className:`details-heading`,children:t}),(0,C.jsx)(`dl`,{className:`details-fields`,children:r}),n&&(0,C.jsx)(`p`,{className:`details-note`,children:n})]})}function q({label:e,children:t}){return t==null||t===!1?null:(0,C.jsxs)(`div`,{className:`details-field`,children:[(0,C.jsx)(`dt`,{children:e}),(0,C.jsx)(`dd`,{children:t})]})}function J(e){return e==null?null:(0,C.jsx)(`bdi`,{children:e})}function Y(e){return e==null?null:(0,C.jsx)(k,{children:e})}function X(e){return e.length===0?null:(0,C.jsx)(`ul`,{className:`details-list`,children:e.map((e,t)=>(0,C.jsx)(`li`,{children:(0,C.jsx)(k,{children:e})},t))})}function Z(e){return e.type===`INBOUND_EMAIL`||e.type===`OUTBOUND_EMAIL`}var Q=5e3;function $({contactId:e,timeZone:n,onClose:i}){let{words:a}=r(),[o]=(0,x.useState)(l);return(0,C.jsxs)(h,{title:a.details.title,closeLabel:a.details.close,onClose:i,wide:!0,children:[(0,C.jsx)(g,{name:`details`,label:a.details.resize}),(0,C.jsx)(t,{value:o,children:(0,C.jsx)(ee,{contactId:e,timeZone:n})})]})}function ee({contactId:e,timeZone:t}){let{words:i}=r(),[{data:o,error:c,fetching:l},d]=n({query:S,variables:{id:e}}),f=o?.contact?.id===e?o.contact:null,p=f?.status===`RINGING`&&!f.unfinished;return(0,x.useEffect)(()=>{if(!p)return;let e=setInterval(()=>document.hidden||d(),Q);return()=>clearInterval(e)},[p,d]),f?(0,C.jsx)(te,{contact:f,faults:s(c),timeZone:t},f.id):l?(0,C.jsx)(ne,{}):c?(0,C.jsx)(a,{icon:`warn`,tone:`bad`,title:i.details.failed,actions:(0,C.jsx)(u,{icon:`again`,onPress:()=>d(),children:i.details.retry}),children:s(c)[0]?.message||i.details.offline}):(0,C.jsx)(a,{icon:`search`,title:i.details.gone,children:i.details.goneText})}function te({contact:e,faults:t,timeZone:n}){let{words:i}=r(),a=e=>t.find(t=>t.path?.[0]===`contact`&&t.path[1]===e),o=a(`details`);return(0,C.jsxs)(`article`,{className:`details`,"aria-label":e.externalId,children:[(0,C.jsx)(W,{contact:e,timeZone:n}),o?(0,C.jsx)(`section`,{className:`details-section`,children:(0,C.jsx)(T,{title:i.details.hiddenContent,reason:o.message||i.details.mayNotContent})}):(0,C.jsx)(R,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(0,C.jsx)(G,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(e.ivrTime!=null||e.type===`CAMPAIGN_INBOUND_CALL`)&&(0,C.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-ivr`,children:[(0,C.jsx)(`h3`,{id:`details-ivr`,className:`details-heading`,children:i.details.sections.ivr}),(0,C.jsx)(v,{contactId:e.id,timeZone:n})]})]})}function ne(){let{words:e}=r();return(0,C.jsxs)(`div`,{className:`details-loading`,children:[(0,C.jsx)(d,{label:e.details.loading}),[`70%`,`45%`,`90%`,`80%`,`60%`].map(e=>(0,C.jsx)(c,{width:e},e))]})}export{$ as DetailsPanel};