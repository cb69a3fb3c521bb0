import{C as e,S as t,T as n,a as r,an as i,c as a,l as o,n as s,o as c,p as l,r as u,s as d,sn as f,t as p,u as m}from"./generated-B_NAXxi6.js";import{n as h,t as g}from"./PanelGrip-BF3KP90d.js";import{n as _,r as v,t as y}from"./index-LoRfLpFG.js";var b=f(i(),1),x=p(`
  query ContactDetails($id: ID!) {
    contact(id: $id) {
      id
      externalId
      type
      status
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
`),S=m();function C({messages:e,agent:t,timeZone:n}){let{words:i,format:a}=r(),o=(0,b.useMemo)(()=>new Intl.DateTimeFormat(`en-CA`,{timeZone:n,year:`numeric`,month:`2-digit`,day:`2-digit`}),[n]),s=e=>o.format(new Date(e.at));return e.length===0?(0,S.jsx)(`p`,{className:`details-quiet`,children:i.details.noMessages}):(0,S.jsx)(`ol`,{className:`chat`,children:e.map((r,i)=>{let o=e[i-1],c=!o||s(o)!==s(r),l=o!==void 0&&o.author===r.author&&!c;return(0,S.jsxs)(`li`,{className:r.author===t?`chat-line chat-line-own`:`chat-line`,children:[c&&(0,S.jsx)(`p`,{className:`chat-day`,children:a.day(s(r))}),!l&&(0,S.jsx)(`bdi`,{className:`chat-author`,children:r.author}),(0,S.jsxs)(`div`,{className:`chat-bubble`,children:[l&&(0,S.jsxs)(`span`,{className:`unseen`,children:[r.author,`: `]}),(0,S.jsx)(`p`,{dir:`auto`,children:r.text}),(0,S.jsx)(`time`,{dateTime:r.at,children:a.time(r.at,n)})]})]},i)})})}function w({title:e,reason:t}){return(0,S.jsxs)(`div`,{className:`details-hidden`,children:[(0,S.jsx)(o,{name:`lock`}),(0,S.jsxs)(`p`,{children:[(0,S.jsx)(`strong`,{children:e}),(0,S.jsx)(`span`,{children:t})]})]})}function T({reason:e}){let{words:t}=r();return(0,S.jsxs)(`span`,{className:`details-hidden-value`,children:[(0,S.jsx)(o,{name:`lock`,size:14}),(0,S.jsxs)(`span`,{children:[t.details.hidden,(0,S.jsx)(`small`,{children:e})]})]})}var E=`***`;function D(e){return e.includes(E)}function O({children:e}){return D(e)?(0,S.jsxs)(`span`,{className:`details-masked`,children:[(0,S.jsx)(`bdi`,{children:e}),(0,S.jsx)(o,{name:`lock`,size:12})]}):(0,S.jsx)(`bdi`,{className:`details-address`,children:e})}function k({email:e,contact:t,bccFault:n}){let{words:i,format:a}=r(),s=(e,t)=>t.length>0&&(0,S.jsxs)(`div`,{children:[(0,S.jsx)(`dt`,{children:e}),(0,S.jsx)(`dd`,{children:t.map((e,t)=>(0,S.jsxs)(`span`,{children:[t>0&&`, `,(0,S.jsx)(O,{children:e})]},t))})]});return(0,S.jsxs)(`div`,{className:`email`,children:[(0,S.jsxs)(`p`,{className:`email-subject`,dir:`auto`,children:[(0,S.jsxs)(`span`,{className:`unseen`,children:[i.details.subject,`: `]}),e.subject?(0,S.jsx)(`bdi`,{children:e.subject}):(0,S.jsx)(`span`,{className:`details-quiet`,children:i.details.noSubject})]}),(0,S.jsxs)(`dl`,{className:`email-head`,children:[s(i.details.from,t.sourceAddress?[t.sourceAddress]:[]),s(i.details.to,t.destinationAddress?[t.destinationAddress]:[]),s(i.details.cc,t.ccAddresses),t.bccAddresses==null?(0,S.jsxs)(`div`,{children:[(0,S.jsx)(`dt`,{children:i.details.bcc}),(0,S.jsx)(`dd`,{children:(0,S.jsx)(T,{reason:n?.message||i.details.mayNotBcc})})]}):s(i.details.bcc,t.bccAddresses)]}),e.body?(0,S.jsx)(`p`,{className:`email-body`,dir:`auto`,children:e.body}):(0,S.jsx)(`p`,{className:`email-body details-quiet`,children:i.details.noBody}),e.attachments.length>0&&(0,S.jsxs)(`div`,{className:`email-attachments`,children:[(0,S.jsx)(`p`,{className:`email-attachments-count`,children:a.plural(e.attachments.length,i.details.attachments)}),(0,S.jsx)(`ul`,{children:e.attachments.map((e,t)=>(0,S.jsxs)(`li`,{className:`email-attachment`,children:[(0,S.jsx)(o,{name:`clip`}),(0,S.jsx)(`bdi`,{children:A(e.name)}),(0,S.jsx)(`span`,{children:a.bytes(e.size)})]},t))})]})]})}function A(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,`�`)}var j=2500;function M({text:e}){let{words:t}=r(),[n,i]=(0,b.useState)(0);return(0,b.useEffect)(()=>{if(n===0)return;let e=setTimeout(()=>i(0),j);return()=>clearTimeout(e)},[n]),(0,S.jsxs)(S.Fragment,{children:[(0,S.jsx)(u,{icon:n?`check`:`file`,onPress:()=>void N(e).then(e=>e&&i(e=>e+1)),children:n?t.details.copied:t.details.copy}),(0,S.jsx)(`span`,{className:`unseen`,role:`status`,children:n?t.details.copied:``})]})}async function N(e){try{return await navigator.clipboard.writeText(e),!0}catch{let t=document.activeElement,n=document.createElement(`textarea`);n.value=e,n.className=`unseen`,document.body.append(n),n.select();let r=document.execCommand(`copy`);return n.remove(),t instanceof HTMLElement&&t.focus({preventScroll:!0}),r}}function P({recording:e}){let{words:t,format:n}=r(),[i,a]=(0,b.useState)(!1),s=F(e.path);return(0,S.jsxs)(`div`,{className:`recording`,children:[e.seconds!=null&&(0,S.jsxs)(`p`,{className:`recording-length`,children:[(0,S.jsx)(o,{name:`clock`}),(0,S.jsxs)(`span`,{className:`unseen`,children:[t.details.recordingLength,`: `]}),n.duration(e.seconds)]}),s&&!i&&(0,S.jsx)(`audio`,{className:`recording-player`,"aria-label":t.details.recordingPlayer,controls:!0,preload:`metadata`,src:s,onError:()=>a(!0)}),(0,S.jsxs)(`div`,{className:`recording-path`,children:[(0,S.jsx)(`code`,{"aria-label":t.details.recordingPath,children:(0,S.jsx)(`bdi`,{children:e.path})}),(0,S.jsx)(M,{text:e.path})]}),(!s||i)&&(0,S.jsx)(`p`,{className:`details-note`,children:i?t.details.recordingBroken:t.details.recordingElsewhere})]})}function F(e){if(!/^https?:\/\//i.test(e))return null;try{let t=new URL(e);return t.origin===location.origin?t.href:null}catch{return null}}function I({text:e,sent:t}){return(0,S.jsx)(`div`,{className:t?`chat-line chat-line-own`:`chat-line`,children:(0,S.jsx)(`div`,{className:`chat-bubble`,children:(0,S.jsx)(`p`,{dir:`auto`,children:e})})})}function L({contact:e,bccFault:t,timeZone:n}){let{words:i,format:a}=r(),o=e.details;switch(o?.__typename){case`RecordingInfo`:return(0,S.jsx)(R,{title:i.details.recording,children:(0,S.jsx)(P,{recording:o})});case`EmailInfo`:return(0,S.jsx)(R,{title:i.details.email,children:(0,S.jsx)(k,{email:o,contact:e,bccFault:t})});case`ChatInfo`:return(0,S.jsx)(R,{title:i.details.chat,note:a.plural(o.messages.length,i.details.messages),children:(0,S.jsx)(C,{messages:o.messages,agent:e.agent?.name,timeZone:n})});case`SmsInfo`:return(0,S.jsx)(R,{title:i.details.sms,note:a.plural([...o.text].length,i.details.characters),children:(0,S.jsx)(I,{text:o.text,sent:e.type===`OUTBOUND_SMS`})});default:return null}}function R({title:e,note:t,children:n}){return(0,S.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-content`,children:[(0,S.jsxs)(`h3`,{id:`details-content`,className:`details-heading`,children:[e,t&&(0,S.jsx)(`span`,{className:`details-heading-note`,children:t})]}),n]})}var z={OUTBOUND_EMAIL:`mail`,INBOUND_EMAIL:`mail`,OUTBOUND_SMS:`sms`,INBOUND_SMS:`sms`,CHAT:`chat`,MESSENGER_CHAT:`chat`},B={ANSWERED:`good`,RINGING:`live`,PENDING:`live`,FAILED:`bad`,BUSY:`warn`,NO_ANSWER:`warn`,CLASSIFIER:`calm`};function V(e){return e.replace(`_`,` `)}function H({contact:e,timeZone:t}){let{words:n,format:i}=r(),a=e.status===`RINGING`||e.status===`PENDING`?n.details.live[e.status]:null;return(0,S.jsxs)(`header`,{className:`details-summary`,children:[(0,S.jsx)(`span`,{className:`details-kind`,children:(0,S.jsx)(o,{name:z[e.type]??`phone`,size:20})}),(0,S.jsxs)(`div`,{className:`details-what`,children:[(0,S.jsx)(`p`,{className:`details-type`,children:n.types[e.type]}),(0,S.jsx)(`p`,{className:`details-when`,children:(0,S.jsx)(`time`,{dateTime:e.startedAt,children:i.moment(e.startedAt,t)})})]}),(0,S.jsx)(`span`,{className:`details-status details-status-${B[e.status]}`,children:V(e.status)}),a&&(0,S.jsx)(`p`,{className:`details-live`,children:a})]})}function U({contact:t,bccFault:n,timeZone:i}){let{words:a,format:o}=r(),s=v(e()),c={...a.columns,...a.details.fields},l=e=>e==null?null:o.duration(e),u=e=>(0,S.jsx)(`span`,{className:`details-quiet`,children:e}),d=[t.sourceAddress,t.destinationAddress,...t.toAddresses,...t.ccAddresses].some(e=>e!=null&&D(e)),f=t.bccAddresses?J(t.bccAddresses):Y(t)&&(0,S.jsx)(T,{reason:n?.message||a.details.mayNotBcc});return(0,S.jsxs)(S.Fragment,{children:[(0,S.jsxs)(W,{id:`people`,title:a.details.sections.people,note:d?a.details.masked:void 0,children:[(0,S.jsx)(G,{label:c.sourceAddress,children:q(t.sourceAddress)??u(a.details.unknown)}),(0,S.jsx)(G,{label:c.destinationAddress,children:J(t.toAddresses)??q(t.destinationAddress)??u(a.details.unknown)}),(0,S.jsx)(G,{label:c.ccAddresses,children:J(t.ccAddresses)}),(0,S.jsx)(G,{label:c.bccAddresses,children:f}),(0,S.jsx)(G,{label:c.campaign,children:K(t.campaign?.name)??u(a.details.outsideCampaign)}),(0,S.jsx)(G,{label:c.agent,children:t.agent?(0,S.jsxs)(S.Fragment,{children:[K(_(t.agent,s)),t.agent.deletedAt&&(0,S.jsx)(`span`,{className:`details-tag`,children:a.details.deletedAgent})]}):u(a.details.noAgent)})]}),(0,S.jsxs)(W,{id:`course`,title:a.details.sections.course,children:[(0,S.jsx)(G,{label:c.startedAt,children:o.moment(t.startedAt,i)}),(0,S.jsx)(G,{label:c.type,children:a.types[t.type]}),(0,S.jsx)(G,{label:c.status,children:V(t.status)}),(0,S.jsx)(G,{label:c.talkTime,children:l(t.talkTime)}),(0,S.jsx)(G,{label:c.ringTime,children:l(t.ringTime)}),(0,S.jsx)(G,{label:c.ivrTime,children:l(t.ivrTime)}),(0,S.jsx)(G,{label:c.agentTalkTime,children:l(t.agentTalkTime)}),(0,S.jsx)(G,{label:c.queue,children:K(t.queue?.name)}),(0,S.jsx)(G,{label:c.classifier,children:K(t.classifier?.name)??u(a.details.noClassifier)}),(0,S.jsx)(G,{label:c.hangupParty,children:t.hangupParty&&a.hangup[t.hangupParty]})]}),(0,S.jsxs)(W,{id:`context`,title:a.details.sections.context,children:[(0,S.jsx)(G,{label:c.externalId,children:K(t.externalId)}),(0,S.jsx)(G,{label:c.recordId,children:K(t.record?.externalId)}),(0,S.jsx)(G,{label:c.significantField,children:t.record?.significantField&&(0,S.jsxs)(S.Fragment,{children:[(0,S.jsx)(`bdi`,{className:`details-quiet`,children:t.record.significantField.name}),` `,K(t.record.significantField.value)]})}),(0,S.jsx)(G,{label:c.ticketId,children:K(t.ticketId)}),(0,S.jsx)(G,{label:c.siteCall,children:K(t.siteCall?.name)}),(0,S.jsx)(G,{label:c.siteCallOrderId,children:K(t.siteCallOrderId)})]})]})}function W({id:e,title:t,note:n,children:r}){return(0,S.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-${e}`,children:[(0,S.jsx)(`h3`,{id:`details-${e}`,className:`details-heading`,children:t}),(0,S.jsx)(`dl`,{className:`details-fields`,children:r}),n&&(0,S.jsx)(`p`,{className:`details-note`,children:n})]})}function G({label:e,children:t}){return t==null||t===!1?null:(0,S.jsxs)(`div`,{className:`details-field`,children:[(0,S.jsx)(`dt`,{children:e}),(0,S.jsx)(`dd`,{children:t})]})}function K(e){return e==null?null:(0,S.jsx)(`bdi`,{children:e})}function q(e){return e==null?null:(0,S.jsx)(O,{children:e})}function J(e){return e.length===0?null:(0,S.jsx)(`ul`,{className:`details-list`,children:e.map((e,t)=>(0,S.jsx)(`li`,{children:(0,S.jsx)(O,{children:e})},t))})}function Y(e){return e.type===`INBOUND_EMAIL`||e.type===`OUTBOUND_EMAIL`}var X=5e3;function Z({contactId:e,timeZone:n,onClose:i}){let{words:a}=r(),[o]=(0,b.useState)(l);return(0,S.jsxs)(h,{title:a.details.title,closeLabel:a.details.close,onClose:i,wide:!0,children:[(0,S.jsx)(g,{name:`details`,label:a.details.resize}),(0,S.jsx)(t,{value:o,children:(0,S.jsx)(Q,{contactId:e,timeZone:n})})]})}function Q({contactId:e,timeZone:t}){let{words:i}=r(),[{data:o,error:c,fetching:l},d]=n({query:x,variables:{id:e}}),f=o?.contact?.id===e?o.contact:null,p=f?.status===`RINGING`;return(0,b.useEffect)(()=>{if(!p)return;let e=setInterval(()=>document.hidden||d(),X);return()=>clearInterval(e)},[p,d]),f?(0,S.jsx)($,{contact:f,faults:s(c),timeZone:t},f.id):l?(0,S.jsx)(ee,{}):c?(0,S.jsx)(a,{icon:`warn`,tone:`bad`,title:i.details.failed,actions:(0,S.jsx)(u,{icon:`again`,onPress:()=>d(),children:i.details.retry}),children:s(c)[0]?.message||i.details.offline}):(0,S.jsx)(a,{icon:`search`,title:i.details.gone,children:i.details.goneText})}function $({contact:e,faults:t,timeZone:n}){let{words:i}=r(),a=e=>t.find(t=>t.path?.[0]===`contact`&&t.path[1]===e),o=a(`details`);return(0,S.jsxs)(`article`,{className:`details`,"aria-label":e.externalId,children:[(0,S.jsx)(H,{contact:e,timeZone:n}),o?(0,S.jsx)(`section`,{className:`details-section`,children:(0,S.jsx)(w,{title:i.details.hiddenContent,reason:o.message||i.details.mayNotContent})}):(0,S.jsx)(L,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(0,S.jsx)(U,{contact:e,bccFault:a(`bccAddresses`),timeZone:n}),(e.ivrTime!=null||e.type===`CAMPAIGN_INBOUND_CALL`)&&(0,S.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-ivr`,children:[(0,S.jsx)(`h3`,{id:`details-ivr`,className:`details-heading`,children:i.details.sections.ivr}),(0,S.jsx)(y,{contactId:e.id,timeZone:n})]})]})}function ee(){let{words:e}=r();return(0,S.jsxs)(`div`,{className:`details-loading`,children:[(0,S.jsx)(d,{label:e.details.loading}),[`70%`,`45%`,`90%`,`80%`,`60%`].map(e=>(0,S.jsx)(c,{width:e},e))]})}export{Z as DetailsPanel};