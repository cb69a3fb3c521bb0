import{t as e}from"./generated-c19yQfkn.js";e(`
  fragment HeardContactFields on Contact {
    id
    externalId
    startedAt
    agent {
      name
    }
    ivrTime
    ringTime
    agentTalkTime
    ivrSteps {
      name
      kind
      duration
    }
    recordings {
      path
      seconds
      channels
      sizeBytes
      state
      problem
    }
  }
`);var t=e(`
  query Recordings($id: ID!) {
    contact(id: $id) {
      ...HeardContactFields
    }
  }
`),n=e(`
  query Listen($id: ID!) {
    contact(id: $id) {
      ...HeardContactFields
      recordings {
        url
      }
    }
  }
`),r=e(`
  query RecordingPeaks($id: ID!) {
    contact(id: $id) {
      id
      recordings {
        peaks(buckets: 600) {
          smallest
          largest
        }
      }
    }
  }
`);export{r as n,t as r,n as t};