import{S as e,T as t,a as n,an as r,c as i,l as a,n as o,o as s,p as c,r as l,s as u,sn as d,t as f,u as p}from"./generated-CaUsxeaq.js";import{n as m,t as h}from"./PanelGrip-C7zBun94.js";import{t as g}from"./index-C8J6zBr6.js";var _=d(r(),1),v=f(`
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
`),y=p();function b({messages:e,agent:t,timeZone:r}){let{words:i,format:a}=n(),o=(0,_.useMemo)(()=>new Intl.DateTimeFormat(`en-CA`,{timeZone:r,year:`numeric`,month:`2-digit`,day:`2-digit`}),[r]),s=e=>o.format(new Date(e.at));return e.length===0?(0,y.jsx)(`p`,{className:`details-quiet`,children:i.details.noMessages}):(0,y.jsx)(`ol`,{className:`chat`,children:e.map((n,i)=>{let o=e[i-1],c=!o||s(o)!==s(n),l=o!==void 0&&o.author===n.author&&!c;return(0,y.jsxs)(`li`,{className:n.author===t?`chat-line chat-line-own`:`chat-line`,children:[c&&(0,y.jsx)(`p`,{className:`chat-day`,children:a.day(s(n))}),!l&&(0,y.jsx)(`bdi`,{className:`chat-author`,children:n.author}),(0,y.jsxs)(`div`,{className:`chat-bubble`,children:[l&&(0,y.jsxs)(`span`,{className:`unseen`,children:[n.author,`: `]}),(0,y.jsx)(`p`,{dir:`auto`,children:n.text}),(0,y.jsx)(`time`,{dateTime:n.at,children:a.time(n.at,r)})]})]},i)})})}function x({title:e,reason:t}){return(0,y.jsxs)(`div`,{className:`details-hidden`,children:[(0,y.jsx)(a,{name:`lock`}),(0,y.jsxs)(`p`,{children:[(0,y.jsx)(`strong`,{children:e}),(0,y.jsx)(`span`,{children:t})]})]})}function S({reason:e}){let{words:t}=n();return(0,y.jsxs)(`span`,{className:`details-hidden-value`,children:[(0,y.jsx)(a,{name:`lock`,size:14}),(0,y.jsxs)(`span`,{children:[t.details.hidden,(0,y.jsx)(`small`,{children:e})]})]})}var C=`***`;function w(e){return e.includes(C)}function T({children:e}){return w(e)?(0,y.jsxs)(`span`,{className:`details-masked`,children:[(0,y.jsx)(`bdi`,{children:e}),(0,y.jsx)(a,{name:`lock`,size:12})]}):(0,y.jsx)(`bdi`,{className:`details-address`,children:e})}function E({email:e,contact:t,bccFault:r}){let{words:i,format:o}=n(),s=(e,t)=>t.length>0&&(0,y.jsxs)(`div`,{children:[(0,y.jsx)(`dt`,{children:e}),(0,y.jsx)(`dd`,{children:t.map((e,t)=>(0,y.jsxs)(`span`,{children:[t>0&&`, `,(0,y.jsx)(T,{children:e})]},t))})]});return(0,y.jsxs)(`div`,{className:`email`,children:[(0,y.jsxs)(`p`,{className:`email-subject`,dir:`auto`,children:[(0,y.jsxs)(`span`,{className:`unseen`,children:[i.details.subject,`: `]}),e.subject?(0,y.jsx)(`bdi`,{children:e.subject}):(0,y.jsx)(`span`,{className:`details-quiet`,children:i.details.noSubject})]}),(0,y.jsxs)(`dl`,{className:`email-head`,children:[s(i.details.from,t.sourceAddress?[t.sourceAddress]:[]),s(i.details.to,t.destinationAddress?[t.destinationAddress]:[]),s(i.details.cc,t.ccAddresses),t.bccAddresses==null?(0,y.jsxs)(`div`,{children:[(0,y.jsx)(`dt`,{children:i.details.bcc}),(0,y.jsx)(`dd`,{children:(0,y.jsx)(S,{reason:r?.message||i.details.mayNotBcc})})]}):s(i.details.bcc,t.bccAddresses)]}),e.body?(0,y.jsx)(`p`,{className:`email-body`,dir:`auto`,children:e.body}):(0,y.jsx)(`p`,{className:`email-body details-quiet`,children:i.details.noBody}),e.attachments.length>0&&(0,y.jsxs)(`div`,{className:`email-attachments`,children:[(0,y.jsx)(`p`,{className:`email-attachments-count`,children:o.plural(e.attachments.length,i.details.attachments)}),(0,y.jsx)(`ul`,{children:e.attachments.map((e,t)=>(0,y.jsxs)(`li`,{className:`email-attachment`,children:[(0,y.jsx)(a,{name:`clip`}),(0,y.jsx)(`bdi`,{children:D(e.name)}),(0,y.jsx)(`span`,{children:o.bytes(e.size)})]},t))})]})]})}function D(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,`�`)}var O=2500;function k({text:e}){let{words:t}=n(),[r,i]=(0,_.useState)(0);return(0,_.useEffect)(()=>{if(r===0)return;let e=setTimeout(()=>i(0),O);return()=>clearTimeout(e)},[r]),(0,y.jsxs)(y.Fragment,{children:[(0,y.jsx)(l,{icon:r?`check`:`file`,onPress:()=>void A(e).then(e=>e&&i(e=>e+1)),children:r?t.details.copied:t.details.copy}),(0,y.jsx)(`span`,{className:`unseen`,role:`status`,children:r?t.details.copied:``})]})}async function A(e){try{return await navigator.clipboard.writeText(e),!0}catch{let t=document.activeElement,n=document.createElement(`textarea`);n.value=e,n.className=`unseen`,document.body.append(n),n.select();let r=document.execCommand(`copy`);return n.remove(),t instanceof HTMLElement&&t.focus({preventScroll:!0}),r}}function j({recording:e}){let{words:t,format:r}=n(),[i,o]=(0,_.useState)(!1),s=M(e.path);return(0,y.jsxs)(`div`,{className:`recording`,children:[e.seconds!=null&&(0,y.jsxs)(`p`,{className:`recording-length`,children:[(0,y.jsx)(a,{name:`clock`}),(0,y.jsxs)(`span`,{className:`unseen`,children:[t.details.recordingLength,`: `]}),r.duration(e.seconds)]}),s&&!i&&(0,y.jsx)(`audio`,{className:`recording-player`,"aria-label":t.details.recordingPlayer,controls:!0,preload:`metadata`,src:s,onError:()=>o(!0)}),(0,y.jsxs)(`div`,{className:`recording-path`,children:[(0,y.jsx)(`code`,{"aria-label":t.details.recordingPath,children:(0,y.jsx)(`bdi`,{children:e.path})}),(0,y.jsx)(k,{text:e.path})]}),(!s||i)&&(0,y.jsx)(`p`,{className:`details-note`,children:i?t.details.recordingBroken:t.details.recordingElsewhere})]})}function M(e){if(!/^https?:\/\//i.test(e))return null;try{let t=new URL(e);return t.origin===location.origin?t.href:null}catch{return null}}function N({text:e,sent:t}){return(0,y.jsx)(`div`,{className:t?`chat-line chat-line-own`:`chat-line`,children:(0,y.jsx)(`div`,{className:`chat-bubble`,children:(0,y.jsx)(`p`,{dir:`auto`,children:e})})})}function P({contact:e,bccFault:t,timeZone:r}){let{words:i,format:a}=n(),o=e.details;switch(o?.__typename){case`RecordingInfo`:return(0,y.jsx)(F,{title:i.details.recording,children:(0,y.jsx)(j,{recording:o})});case`EmailInfo`:return(0,y.jsx)(F,{title:i.details.email,children:(0,y.jsx)(E,{email:o,contact:e,bccFault:t})});case`ChatInfo`:return(0,y.jsx)(F,{title:i.details.chat,note:a.plural(o.messages.length,i.details.messages),children:(0,y.jsx)(b,{messages:o.messages,agent:e.agent?.name,timeZone:r})});case`SmsInfo`:return(0,y.jsx)(F,{title:i.details.sms,note:a.plural([...o.text].length,i.details.characters),children:(0,y.jsx)(N,{text:o.text,sent:e.type===`OUTBOUND_SMS`})});default:return null}}function F({title:e,note:t,children:n}){return(0,y.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-content`,children:[(0,y.jsxs)(`h3`,{id:`details-content`,className:`details-heading`,children:[e,t&&(0,y.jsx)(`span`,{className:`details-heading-note`,children:t})]}),n]})}var I={OUTBOUND_EMAIL:`mail`,INBOUND_EMAIL:`mail`,OUTBOUND_SMS:`sms`,INBOUND_SMS:`sms`,CHAT:`chat`,MESSENGER_CHAT:`chat`},L={ANSWERED:`good`,RINGING:`live`,PENDING:`live`,FAILED:`bad`,BUSY:`warn`,NO_ANSWER:`warn`,CLASSIFIER:`calm`};function R(e){return e.replace(`_`,` `)}function z({contact:e,timeZone:t}){let{words:r,format:i}=n(),o=e.status===`RINGING`||e.status===`PENDING`?r.details.live[e.status]:null;return(0,y.jsxs)(`header`,{className:`details-summary`,children:[(0,y.jsx)(`span`,{className:`details-kind`,children:(0,y.jsx)(a,{name:I[e.type]??`phone`,size:20})}),(0,y.jsxs)(`div`,{className:`details-what`,children:[(0,y.jsx)(`p`,{className:`details-type`,children:r.types[e.type]}),(0,y.jsx)(`p`,{className:`details-when`,children:(0,y.jsx)(`time`,{dateTime:e.startedAt,children:i.moment(e.startedAt,t)})})]}),(0,y.jsx)(`span`,{className:`details-status details-status-${L[e.status]}`,children:R(e.status)}),o&&(0,y.jsx)(`p`,{className:`details-live`,children:o})]})}function B({contact:e,bccFault:t,timeZone:r}){let{words:i,format:a}=n(),o={...i.columns,...i.details.fields},s=e=>e==null?null:a.duration(e),c=e=>(0,y.jsx)(`span`,{className:`details-quiet`,children:e}),l=[e.sourceAddress,e.destinationAddress,...e.ccAddresses].some(e=>e!=null&&w(e)),u=e.bccAddresses?G(e.bccAddresses):K(e)&&(0,y.jsx)(S,{reason:t?.message||i.details.mayNotBcc});return(0,y.jsxs)(y.Fragment,{children:[(0,y.jsxs)(V,{id:`people`,title:i.details.sections.people,note:l?i.details.masked:void 0,children:[(0,y.jsx)(H,{label:o.sourceAddress,children:W(e.sourceAddress)??c(i.details.unknown)}),(0,y.jsx)(H,{label:o.destinationAddress,children:W(e.destinationAddress)??c(i.details.unknown)}),(0,y.jsx)(H,{label:o.ccAddresses,children:G(e.ccAddresses)}),(0,y.jsx)(H,{label:o.bccAddresses,children:u}),(0,y.jsx)(H,{label:o.campaign,children:U(e.campaign?.name)??c(i.details.outsideCampaign)}),(0,y.jsx)(H,{label:o.agent,children:e.agent?(0,y.jsxs)(y.Fragment,{children:[U(e.agent.name),e.agent.deletedAt&&(0,y.jsx)(`span`,{className:`details-tag`,children:i.details.deletedAgent})]}):c(i.details.noAgent)})]}),(0,y.jsxs)(V,{id:`course`,title:i.details.sections.course,children:[(0,y.jsx)(H,{label:o.startedAt,children:a.moment(e.startedAt,r)}),(0,y.jsx)(H,{label:o.type,children:i.types[e.type]}),(0,y.jsx)(H,{label:o.status,children:R(e.status)}),(0,y.jsx)(H,{label:o.talkTime,children:s(e.talkTime)}),(0,y.jsx)(H,{label:o.ringTime,children:s(e.ringTime)}),(0,y.jsx)(H,{label:o.ivrTime,children:s(e.ivrTime)}),(0,y.jsx)(H,{label:o.agentTalkTime,children:s(e.agentTalkTime)}),(0,y.jsx)(H,{label:o.queue,children:U(e.queue?.name)}),(0,y.jsx)(H,{label:o.classifier,children:U(e.classifier?.name)??c(i.details.noClassifier)}),(0,y.jsx)(H,{label:o.hangupParty,children:e.hangupParty&&i.hangup[e.hangupParty]})]}),(0,y.jsxs)(V,{id:`context`,title:i.details.sections.context,children:[(0,y.jsx)(H,{label:o.externalId,children:U(e.externalId)}),(0,y.jsx)(H,{label:o.recordId,children:U(e.record?.externalId)}),(0,y.jsx)(H,{label:o.significantField,children:e.record?.significantField&&(0,y.jsxs)(y.Fragment,{children:[(0,y.jsx)(`bdi`,{className:`details-quiet`,children:e.record.significantField.name}),` `,U(e.record.significantField.value)]})}),(0,y.jsx)(H,{label:o.ticketId,children:U(e.ticketId)}),(0,y.jsx)(H,{label:o.siteCall,children:U(e.siteCall?.name)}),(0,y.jsx)(H,{label:o.siteCallOrderId,children:U(e.siteCallOrderId)})]})]})}function V({id:e,title:t,note:n,children:r}){return(0,y.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-${e}`,children:[(0,y.jsx)(`h3`,{id:`details-${e}`,className:`details-heading`,children:t}),(0,y.jsx)(`dl`,{className:`details-fields`,children:r}),n&&(0,y.jsx)(`p`,{className:`details-note`,children:n})]})}function H({label:e,children:t}){return t==null||t===!1?null:(0,y.jsxs)(`div`,{className:`details-field`,children:[(0,y.jsx)(`dt`,{children:e}),(0,y.jsx)(`dd`,{children:t})]})}function U(e){return e==null?null:(0,y.jsx)(`bdi`,{children:e})}function W(e){return e==null?null:(0,y.jsx)(T,{children:e})}function G(e){return e.length===0?null:(0,y.jsx)(`ul`,{className:`details-list`,children:e.map((e,t)=>(0,y.jsx)(`li`,{children:(0,y.jsx)(T,{children:e})},t))})}function K(e){return e.type===`INBOUND_EMAIL`||e.type===`OUTBOUND_EMAIL`}var q=5e3;function J({contactId:t,timeZone:r,onClose:i}){let{words:a}=n(),[o]=(0,_.useState)(c);return(0,y.jsxs)(m,{title:a.details.title,closeLabel:a.details.close,onClose:i,wide:!0,children:[(0,y.jsx)(h,{name:`details`,label:a.details.resize}),(0,y.jsx)(e,{value:o,children:(0,y.jsx)(Y,{contactId:t,timeZone:r})})]})}function Y({contactId:e,timeZone:r}){let{words:a}=n(),[{data:s,error:c,fetching:u},d]=t({query:v,variables:{id:e}}),f=s?.contact?.id===e?s.contact:null,p=f?.status===`RINGING`;return(0,_.useEffect)(()=>{if(!p)return;let e=setInterval(()=>document.hidden||d(),q);return()=>clearInterval(e)},[p,d]),f?(0,y.jsx)(X,{contact:f,faults:o(c),timeZone:r},f.id):u?(0,y.jsx)(Z,{}):c?(0,y.jsx)(i,{icon:`warn`,tone:`bad`,title:a.details.failed,actions:(0,y.jsx)(l,{icon:`again`,onPress:()=>d(),children:a.details.retry}),children:o(c)[0]?.message||a.details.offline}):(0,y.jsx)(i,{icon:`search`,title:a.details.gone,children:a.details.goneText})}function X({contact:e,faults:t,timeZone:r}){let{words:i}=n(),a=e=>t.find(t=>t.path?.[0]===`contact`&&t.path[1]===e),o=a(`details`);return(0,y.jsxs)(`article`,{className:`details`,"aria-label":e.externalId,children:[(0,y.jsx)(z,{contact:e,timeZone:r}),o?(0,y.jsx)(`section`,{className:`details-section`,children:(0,y.jsx)(x,{title:i.details.hiddenContent,reason:o.message||i.details.mayNotContent})}):(0,y.jsx)(P,{contact:e,bccFault:a(`bccAddresses`),timeZone:r}),(0,y.jsx)(B,{contact:e,bccFault:a(`bccAddresses`),timeZone:r}),(e.ivrTime!=null||e.type===`CAMPAIGN_INBOUND_CALL`)&&(0,y.jsxs)(`section`,{className:`details-section`,"aria-labelledby":`details-ivr`,children:[(0,y.jsx)(`h3`,{id:`details-ivr`,className:`details-heading`,children:i.details.sections.ivr}),(0,y.jsx)(g,{contactId:e.id,timeZone:r})]})]})}function Z(){let{words:e}=n();return(0,y.jsxs)(`div`,{className:`details-loading`,children:[(0,y.jsx)(u,{label:e.details.loading}),[`70%`,`45%`,`90%`,`80%`,`60%`].map(e=>(0,y.jsx)(s,{width:e},e))]})}export{J as DetailsPanel};