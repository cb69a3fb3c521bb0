import{l as e,s as t}from"./language-Nu02K-pn.js";import{A as n,F as r,S as i,j as a,k as o}from"./index-D03paadO.js";import{a as s,r as c,t as l}from"./Button-CvC1c7x5.js";import{n as u,t as d}from"./PanelGrip-O4IfSyJU.js";import{t as f}from"./generated-c19yQfkn.js";var p=e(t(),1),m=f(`
  query Sources {
    sources {
      name
      kind
      rows
      badRows
      errors
      lastErrorAt
      lastRowAt
      readAt
      lagSeconds
      calls
      openCalls
      unfinishedCalls
      withoutContact {
        reason
        calls
      }
    }
  }
`),h=60;function g({lagSeconds:e}){return e==null?`never`:e>h?`behind`:`current`}function _({withoutContact:e}){return e.reduce((e,{calls:t})=>e+t,0)}var v=s(),y=1e4;function b({timeZone:e,onClose:t}){let{words:n}=c();return(0,v.jsxs)(u,{title:n.sources.title,closeLabel:n.sources.close,onClose:t,wide:!0,children:[(0,v.jsx)(d,{name:`sources`,label:n.details.resize}),(0,v.jsx)(x,{timeZone:e})]})}function x({timeZone:e}){let{words:t}=c(),[{data:s,error:u},d]=r({query:m,requestPolicy:`network-only`}),f=i(u)[0],h=f?.code===`FORBIDDEN`;return(0,p.useEffect)(()=>{if(h)return;let e=setInterval(()=>document.hidden||d({requestPolicy:`network-only`}),y);return()=>clearInterval(e)},[d,h]),f&&h?(0,v.jsx)(a,{icon:`lock`,title:t.sources.forbidden,children:f.message}):f?(0,v.jsx)(a,{icon:`offline`,tone:`bad`,title:t.sources.failed,actions:(0,v.jsx)(l,{icon:`again`,onPress:()=>d({requestPolicy:`network-only`}),children:t.files.retry}),children:f.message||t.files.offline}):s?s.sources.length===0?(0,v.jsx)(a,{icon:`phone`,title:t.sources.none,children:t.sources.noneText}):(0,v.jsx)(`ul`,{className:`sources`,"aria-label":t.sources.title,children:s.sources.map(t=>(0,v.jsx)(S,{source:t,timeZone:e},t.name))}):(0,v.jsxs)(`div`,{className:`sources-loading`,children:[(0,v.jsx)(n,{label:t.sources.loading}),[`40%`,`90%`,`75%`].map(e=>(0,v.jsx)(o,{width:e},e))]})}function S({source:e,timeZone:t}){let{words:n,format:r}=c(),i=g(e),a=_(e),o=e=>e==null?null:r.moment(e,t);return(0,v.jsxs)(`li`,{className:`source`,children:[(0,v.jsxs)(`header`,{className:`source-head`,children:[(0,v.jsx)(`h3`,{className:`source-name`,children:e.name}),(0,v.jsx)(`span`,{className:`source-kind`,children:e.kind}),(0,v.jsx)(`span`,{className:`source-state source-state-${i}`,children:n.sources.following[i]})]}),(0,v.jsxs)(`dl`,{className:`source-figures`,children:[(0,v.jsx)(C,{label:n.sources.lag,children:e.lagSeconds==null?`–`:r.duration(e.lagSeconds)}),(0,v.jsx)(C,{label:n.sources.lastRow,children:o(e.lastRowAt)??n.sources.never}),(0,v.jsx)(C,{label:n.sources.read,children:o(e.readAt)??n.sources.never}),(0,v.jsx)(C,{label:n.sources.rows,children:r.number(e.rows)}),(0,v.jsx)(C,{label:n.sources.badRows,children:r.number(e.badRows)}),(0,v.jsxs)(C,{label:n.sources.errors,children:[r.number(e.errors),e.lastErrorAt&&` (${n.sources.lastError} ${o(e.lastErrorAt)})`]}),(0,v.jsx)(C,{label:n.sources.calls,children:r.number(e.calls)}),(0,v.jsx)(C,{label:n.sources.open,children:r.number(e.openCalls)}),(0,v.jsx)(C,{label:n.sources.unfinished,children:r.number(e.unfinishedCalls)})]}),(0,v.jsx)(`h4`,{className:`source-without`,children:r.plural(a,n.sources.without)}),a>0&&(0,v.jsxs)(v.Fragment,{children:[(0,v.jsx)(`dl`,{className:`source-figures`,children:e.withoutContact.map(({reason:e,calls:t})=>(0,v.jsx)(C,{label:n.sources.reasons[e],children:r.number(t)},e))}),(0,v.jsxs)(`p`,{className:`source-hint`,children:[n.sources.listed,` `,(0,v.jsxs)(`code`,{children:[`kontakty sources unmapped `,e.name]})]})]})]})}function C({label:e,children:t}){return(0,v.jsxs)(`div`,{className:`source-figure`,children:[(0,v.jsx)(`dt`,{children:e}),(0,v.jsx)(`dd`,{children:t})]})}export{b as SourcesPanel};