import './design/tokens.css';
import './design/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { refuseMarkup } from './app/markup';

refuseMarkup();

createRoot(document.getElementById('report')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
