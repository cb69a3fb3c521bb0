import{C as e,S as t,T as n,a as r,an as i,c as a,l as o,n as s,o as c,p as l,r as u,s as d,sn as f,t as p,u as m}from"./generated-D8gfB_YW.js";import{n as h,t as g}from"./PanelGrip-9YwdFBry.js";import{a as _,i as v,n as y,o as b,r as x,s as S,t as C}from"./index-CVBcwCx6.js";var w=f(i(),1),T=p(`
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
      holdTime
      wrapUpTime
      conversationId
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
`),E=m();function D({messages:e,agent:t,timeZone:n}){let{words:i,format:a}=r(),o=(0,w.useMemo)(()=>new Intl.DateTimeFormat(`en-CA`,{timeZone:n,year:`numeric`,month:`2-digit`,day:`2-digit`}),[n]),s=e=>o.format(new Date(e.at));return e.length===0?(0,E.jsx)(`p`,{className:`details-quiet`,children:i.details.noMessages}):(0,E.jsx)(`ol`,{className:`chat`,children:e.map((r,i)=>{let o=e[i-1],c=!o||s(o)!==s(r),l=o!==void 0&&o.author===r.author&&!c;return(0,E.jsxs)(`li`,{className:r.author===t?`chat-line chat-line-own`:`chat-line`,children:[c&&(0,E.jsx)(`p`,{className:`chat-day`,children:a.day(s(r))}),!l&&(0,E.jsx)(`bdi`,{className:`chat-author`,children:r.author}),(0,E.jsxs)(`div`,{className:`chat-bubble`,children:[l&&(0,E.jsxs)(`span`,{className:`unseen`,children:[r.author,`: `]}),(0,E.jsx)(`p`,{dir:`auto`,children:r.text}),(0,E.jsx)(`time`,{dateTime:r.at,children:a.time(r.at,n)})]})]},i)})})}function O({title:e,reason:t}){return(0,E.jsxs)(`div`,{className:`details-hidden`,children:[(0,E.jsx)(o,{name:`lock`}),(0,E.jsxs)(`p`,{children:[(0,E.jsx)(`strong`,{children:e}),(0,E.jsx)(`span`,{children:t})]})]})}function k({reason:e}){let{words:t}=r();return(0,E.jsxs)(`span`,{className:`details-hidden-value`,children:[(0,E.jsx)(o,{name:`lock`,size:14}),(0,E.jsxs)(`span`,{children:[t.details.hidden,(0,E.jsx)(`small`,{children:e})]})]})}var A=`***`;function j(e){return e.includes(A)}function M({children:e}){return j(e)?(0,E.jsxs)(`span`,{className:`details-masked`,children:[(0,E.jsx)(`bdi`,{children:e}),(0,E.jsx)(o,{name:`lock`,size:12})]}):(0,E.jsx)(`bdi`,{className:`details-address`,children:e})}function N({email:e,contact:t,bccFault:n}){let{words:i,format:a}=r(),s=(e,t)=>t.length>0&&(0,E.jsxs)(`div`,{children:[(0,E.jsx)(`dt`,{children:e}),(0,E.jsx)(`dd`,{children:t.map((e,t)=>(0,E.jsxs)(`span`,{children:[t>0&&`, `,(0,E.jsx)(M,{children:e})]},t))})]});return(0,E.jsxs)(`div`,{className:`email`,children:[(0,E.jsxs)(`p`,{className:`email-subject`,dir:`auto`,children:[(0,E.jsxs)(`span`,{className:`unseen`,children:[i.details.subject,`: `]}),e.subject?(0,E.jsx)(`bdi`,{children:e.subject}):(0,E.jsx)(`span`,{className:`details-quiet`,children:i.details.noSubject})]}),(0,E.jsxs)(`dl`,{className:`email-head`,children:[s(i.details.from,t.sourceAddress?[t.sourceAddress]:[]),s(i.details.to,t.destinationAddress?[t.destinationAddress]:[]),s(i.details.cc,t.ccAddresses),t.bccAddresses==null?(0,E.jsxs)(`div`,{children:[(0,E.jsx)(`dt`,{children:i.details.bcc}),(0,E.jsx)(`dd`,{children:(0,E.jsx)(k,{reason:n?.message||i.details.mayNotBcc})})]}):s(i.details.bcc,t.bccAddresses)]}),e.body?(0,E.jsx)(`p`,{className:`email-body`,dir:`auto`,children:e.body}):(0,E.jsx)(`p`,{className:`email-body details-quiet`,children:i.details.noBody}),e.attachments.length>0&&(0,E.jsxs)(`div`,{className:`email-attachments`,children:[(0,E.jsx)(`p`,{className:`email-attachments-count`,children:a.plural(e.attachments.length,i.details.attachments)}),(0,E.jsx)(`ul`,{children:e.attachments.map((e,t)=>(0,E.jsxs)(`li`,{className:`email-attachment`,children:[(0,E.jsx)(o,{name:`clip`}),(0,E.jsx)(`bdi`,{children:P(e.name)}),(0,E.jsx)(`span`,{children:a.bytes(e.size)})]},t))})]})]})}function P(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,`�`)}var F=2500;function I({text:e}){let{words:t}=r(),[n,i]=(0,w.useState)(0);return(0,w.useEffect)(()=>{if(n===0)return;let e=setTimeout(()=>i(0),F);return()=>clearTimeout(e)},[n]),(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(u,{icon:n?`check`:`file`,onPress:()=>void L(e).then(e=>e&&i(e=>e+1)),children:n?t.details.copied:t.details.copy}),(0,E.jsx)(`span`,{className:`unseen`,role:`status`,children:n?t.details.copied:``})]})}async function L(e){try{return await navigator.clipboard.writeText(e),!0}catch{let t=document.activeElement,n=document.createElement(`textarea`);n.value=e,n.className=`unseen`,document.body.append(n),n.select();let r=document.execCommand(`copy`);return n.remove(),t instanceof HTMLElement&&t.focus({preventScroll:!0}),r}}function R({recording:e}){let{words:t,format:n}=r(),[i,a]=(0,w.useState)(!1),s=z(e.path);return(0,E.jsxs)(`div`,{className:`recording`,children:[e.seconds!=null&&(0,E.jsxs)(`p`,{className:`recording-length`,children:[(0,E.jsx)(o,{name:`clock`}),(0,E.jsxs)(`span`,{className:`unseen`,children:[t.details.recordingLength,`: `]}),n.duration(e.seconds)]}),s&&!i&&(0,E.jsx)(`audio`,{className:`recording-player`,"aria-label":t.details.recordingPlayer,controls:!0,preload:`metadata`,src:s,onError:()=>a(!0)}),(0,E.jsxs)(`div`,{className:`recording-path`,children:[(0,E.jsx)(`code`,{"aria-label":t.details.recordingPath,children:(0,E.jsx)(`bdi`,{children:e.path})}),(0,E.jsx)(I,{text:e.path})]}),(!s||i)&&(0,E.jsx)(`p`,{className:`details-note`,children:i?t.details.recordingBroken:t.details.recordingElsewhere})]})}function z(e){if(!/^https?:\/\//i.test(e))return null;try{let t=new URL(e);return t.origin===location.origin?t.href:null}catch{return null}}function B({text:e,sent:t}){return(0,E.jsx)(`div`,{className:t?`chat-line chat-line-own`:`chat-line`,children:(0,E.jsx)(`div`,{className:`chat-bubble`,children:(0,E.jsx)(`p`,{dir:`auto`,children:e})})})}function V({contact:e,bccFault:t,timeZone:n}){let{words:i,format:a}=r(),o=e.details;switch(o?.__typename){case`RecordingInfo`:return(0,E.jsx)(H,{title:i.details.recording,children:(0,E.jsx)(R,{recording:o})});case`EmailInfo`:return(0,E.jsx)(H,{title:i.details.email,children:(0,E.jsx)(N,{email:o,contact:e,bccFault:t})});case`ChatInfo`:return(0,E.jsx)(H,{title:i.details.chat,note:a.plural(o.messages.length,i.details.messages),children:(0,E.jsx)(D,{messages:o.messages,agent:e.agent?.name,timeZone:n})});case`SmsInfo`:return(0,E.jsx)(H,{title:i.details.sms,note:a.plural([...o.text].length,i.details.characters),children:(0,E.jsx)(B,{text:o.text,sent:e.type===`OUTBOUND_SMS`})});default:return null}}function H({title:e,note:t,children:n}){return(0,E.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-content`,children:[(0,E.jsxs)(`h3`,{id:`details-content`,className:`details-heading`,children:[e,t&&(0,E.jsx)(`span`,{className:`details-heading-note`,children:t})]}),n]})}function U({contact:t,bccFault:n,timeZone:i}){let{words:a,format:o}=r(),s=S(e()),c={...a.columns,...a.details.fields},l=e=>e==null?null:o.duration(e),u=e=>(0,E.jsx)(`span`,{className:`details-quiet`,children:e}),d=[t.sourceAddress,t.destinationAddress,...t.toAddresses,...t.ccAddresses].some(e=>e!=null&&j(e)),f=t.bccAddresses?J(t.bccAddresses):Y(t)&&(0,E.jsx)(k,{reason:n?.message||a.details.mayNotBcc});return(0,E.jsxs)(E.Fragment,{children:[(0,E.jsxs)(W,{id:`people`,title:a.details.sections.people,note:d?a.details.masked:void 0,children:[(0,E.jsx)(G,{label:c.sourceAddress,children:q(t.sourceAddress)??u(a.details.unknown)}),(0,E.jsx)(G,{label:c.destinationAddress,children:J(t.toAddresses)??q(t.destinationAddress)??u(a.details.unknown)}),(0,E.jsx)(G,{label:c.ccAddresses,children:J(t.ccAddresses)}),(0,E.jsx)(G,{label:c.bccAddresses,children:f}),(0,E.jsx)(G,{label:c.campaign,children:K(t.campaign?.name)??u(a.details.outsideCampaign)}),(0,E.jsx)(G,{label:c.agent,children:t.agent?(0,E.jsxs)(E.Fragment,{children:[K(b(t.agent,s)),t.agent.deletedAt&&(0,E.jsx)(`span`,{className:`details-tag`,children:a.details.deletedAgent})]}):u(a.details.noAgent)})]}),(0,E.jsxs)(W,{id:`course`,title:a.details.sections.course,children:[(0,E.jsx)(G,{label:c.startedAt,children:o.moment(t.startedAt,i)}),(0,E.jsx)(G,{label:c.type,children:K(_(t,a))}),(0,E.jsx)(G,{label:c.status,children:x(t,a)}),(0,E.jsx)(G,{label:c.talkTime,children:l(t.talkTime)}),(0,E.jsx)(G,{label:c.ringTime,children:l(t.ringTime)}),(0,E.jsx)(G,{label:c.ivrTime,children:l(t.ivrTime)}),(0,E.jsx)(G,{label:c.agentTalkTime,children:l(t.agentTalkTime)}),(0,E.jsx)(G,{label:c.holdTime,children:l(t.holdTime)}),(0,E.jsx)(G,{label:c.wrapUpTime,children:l(t.wrapUpTime)}),(0,E.jsx)(G,{label:c.queue,children:K(t.queue?.name)}),(0,E.jsx)(G,{label:c.classifier,children:K(t.classifier?.name)??u(a.details.noClassifier)}),(0,E.jsx)(G,{label:c.hangupParty,children:t.hangupParty&&a.hangup[t.hangupParty]})]}),(0,E.jsxs)(W,{id:`context`,title:a.details.sections.context,children:[(0,E.jsx)(G,{label:c.externalId,children:K(t.externalId)}),(0,E.jsx)(G,{label:c.conversationId,children:K(t.conversationId)}),(0,E.jsx)(G,{label:c.recordId,children:K(t.record?.externalId)}),(0,E.jsx)(G,{label:c.significantField,children:t.record?.significantField&&(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(`bdi`,{className:`details-quiet`,children:t.record.significantField.name}),` `,K(t.record.significantField.value)]})}),(0,E.jsx)(G,{label:c.ticketId,children:K(t.ticketId)}),(0,E.jsx)(G,{label:c.siteCall,children:K(t.siteCall?.name)}),(0,E.jsx)(G,{label:c.siteCallOrderId,children:K(t.siteCallOrderId)})]})]})}function W({id:e,title:t,note:n,children:r}){return(0,E.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-${e}`,children:[(0,E.jsx)(`h3`,{id:`details-${e}`,className:`details-heading`,children:t}),(0,E.jsx)(`dl`,{className:`details-fields`,children:r}),n&&(0,E.jsx)(`p`,{className:`details-note`,children:n})]})}function G({label:e,children:t}){return t==null||t===!1?null:(0,E.jsxs)(`div`,{className:`details-field`,children:[(0,E.jsx)(`dt`,{children:e}),(0,E.jsx)(`dd`,{children:t})]})}function K(e){return e==null?null:(0,E.jsx)(`bdi`,{children:e})}function q(e){return e==null?null:(0,E.jsx)(M,{children:e})}function J(e){return e.length===0?null:(0,E.jsx)(`ul`,{className:`details-list`,children:e.map((e,t)=>(0,E.jsx)(`li`,{children:(0,E.jsx)(M,{children:e})},t))})}function Y(e){return e.type===`INBOUND_EMAIL`||e.type===`OUTBOUND_EMAIL`}var X={OUTBOUND_EMAIL:`mail`,INBOUND_EMAIL:`mail`,OUTBOUND_SMS:`sms`,INBOUND_SMS:`sms`,CHAT:`chat`,MESSENGER_CHAT:`chat`};function Z({status:e,unfinished:t},n){return t?n.details.unfinished:e===`RINGING`||e===`PENDING`?n.details.live[e]:null}function Q({contact:e,timeZone:t}){let{words:n,format:i}=r(),a=Z(e,n);return(0,E.jsxs)(`header`,{className:`details-summary`,children:[(0,E.jsx)(`span`,{className:`details-kind`,children:(0,E.jsx)(o,{name:X[e.type]??`phone`,size:20})}),(0,E.jsxs)(`div`,{className:`details-what`,children:[(0,E.jsx)(`p`,{className:`details-type`,children:(0,E.jsx)(`bdi`,{children:_(e,n)})}),(0,E.jsx)(`p`,{className:`details-when`,children:(0,E.jsx)(`time`,{dateTime:e.startedAt,children:i.moment(e.startedAt,t)})})]}),(0,E.jsx)(`span`,{className:`details-status details-status-${v(e)}`,children:x(e,n)}),a&&(0,E.jsx)(`p`,{className:`details-live`,children:a})]})}var $=5e3;function ee({contactId:e,timeZone:n,onClose:i}){let{words:a}=r(),[o]=(0,w.useState)(l);return(0,E.jsxs)(h,{title:a.details.title,closeLabel:a.details.close,onClose:i,wide:!0,children:[(0,E.jsx)(g,{name:`details`,label:a.details.resize}),(0,E.jsx)(t,{value:o,children:(0,E.jsx)(te,{contactId:e,timeZone:n})})]})}function te({contactId:e,timeZone:t}){let{words:i}=r(),[{data:o,error:c,fetching:l},d]=n({query:T,variables:{id:e}}),f=o?.contact?.id===e?o.contact:null,p=f!==null&&y(f);return(0,w.useEffect)(()=>{if(!p)return;let e=setInterval(()=>document.hidden||d(),$);return()=>clearInterval(e)},[p,d]),f?(0,E.jsx)(ne,{contact:f,faults:s(c),timeZone:t},f.id):l?(0,E.jsx)(re,{}):c?(0,E.jsx)(a,{icon:`warn`,tone:`bad`,title:i.details.failed,actions:(0,E.jsx)(u,{icon:`again`,onPress:()=>d(),children:i.details.retry}),children:s(c)[0]?.message||i.details.offline}):(0,E.jsx)(a,{icon:`search`,title:i.details.gone,children:i.details.goneText})}function ne({contact:e,faults:t,timeZone:n}){let{words:i}=r(),a=e=>t.find(t=>t.path?.[0]===`contact`&&t.path[1]===e),o=a(`details`);return(0,E.jsxs)(`article`,{className:`details`,"aria-label":e.externalId,children:[(0,E.jsx)(Q,{contact:e,timeZone:n}),o?(0,E.jsx)(`section`,{className:`details-section`,children:(0,E.jsx)(O,{title:i.details.hiddenContent,reason:o.message||i.details.mayNotContent})}):(0,E.jsx)(V,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(0,E.jsx)(U,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(e.ivrTime!=null||e.type===`CAMPAIGN_INBOUND_CALL`)&&(0,E.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-ivr`,children:[(0,E.jsx)(`h3`,{id:`details-ivr`,className:`details-heading`,children:i.details.sections.ivr}),(0,E.jsx)(C,{contactId:e.id,timeZone:n})]})]})}function re(){let{words:e}=r();return(0,E.jsxs)(`div`,{className:`details-loading`,children:[(0,E.jsx)(d,{label:e.details.loading}),[`70%`,`45%`,`90%`,`80%`,`60%`].map(e=>(0,E.jsx)(c,{width:e},e))]})}export{ee as DetailsPanel};