import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';

import { Button, IconButton } from '../design/Button';
import { Icon } from '../design/Icon';
import { Mark } from '../design/Mark';
import { useLocale } from '../locale';
import { language as currentLanguage, type Language } from '../locale/language';
import type { Viewer } from '../session/session';
import { theme as currentTheme, type Theme, useTheme } from './theme';

const languages: Record<Language, string> = { pl: 'Polski', en: 'English' };

/** The bar at the top: what this is, files, and who is signed in. */
export function TopBar({
  viewer,
  filtersShown,
  filesShown,
  sourcesShown,
  onFilters,
  onFiles,
  onSources,
  onLeave,
}: {
  viewer: Viewer;
  filtersShown: boolean;
  filesShown: boolean;
  sourcesShown: boolean;
  onFilters: () => void;
  onFiles: () => void;
  onSources: () => void;
  onLeave: () => void;
}) {
  const { words, language } = useLocale();
  const theme = useTheme();
  return (
    <header className="bar">
      <a
        className="skip"
        href="#table"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('table')?.focus();
        }}>
        {words.bar.skip}
      </a>
      <IconButton
        icon="panel"
        label={filtersShown ? words.bar.hideFilters : words.bar.showFilters}
        aria-expanded={filtersShown}
        onPress={onFilters}
      />
      <Mark size={24} />
      <h1 className="bar-title">{words.report}</h1>
      <span className="bar-gap" />
      {viewer.scopes.has('ADMIN') && (
        <Button look="quiet" icon="phone" aria-expanded={sourcesShown} onPress={onSources}>
          {words.bar.sources}
        </Button>
      )}
      {viewer.scopes.has('EXPORTS') && (
        <Button look="quiet" icon="download" aria-expanded={filesShown} onPress={onFiles}>
          {words.bar.downloads}
        </Button>
      )}
      <MenuTrigger>
        <Button look="quiet" icon="user" aria-label={`${words.bar.account}: ${viewer.name}`}>
          {viewer.name}
        </Button>
        <Popover className="popover account" placement="bottom end" offset={4}>
          <div className="account-scopes">
            <p className="menu-head">{words.bar.scopes}</p>
            <ul>
              {[...viewer.scopes].map((scope) => (
                <li key={scope}>
                  <Icon name="check" size={12} /> {words.scopes[scope] ?? scope}
                </li>
              ))}
            </ul>
          </div>
          <Menu className="menu" aria-label={words.bar.account} onAction={(key) => key === 'out' && onLeave()}>
            <MenuSection
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[language]}
              onSelectionChange={(keys) => currentLanguage.set([...keys][0] as Language)}>
              <Header className="menu-head">{words.bar.language}</Header>
              {(Object.keys(languages) as Language[]).map((one) => (
                <Choice key={one} id={one} name={languages[one]} />
              ))}
            </MenuSection>
            <MenuSection
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[theme]}
              onSelectionChange={(keys) => currentTheme.set([...keys][0] as Theme)}>
              <Header className="menu-head">{words.bar.theme}</Header>
              {(Object.keys(words.bar.themes) as Theme[]).map((one) => (
                <Choice key={one} id={one} name={words.bar.themes[one]} />
              ))}
            </MenuSection>
            <Separator className="menu-line" />
            <MenuItem id="out" className="menu-item" textValue={words.bar.signOut}>
              <Icon name="out" />
              {words.bar.signOut}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </header>
  );
}

function Choice({ id, name }: { id: string; name: string }) {
  return (
    <MenuItem id={id} className="menu-item" textValue={name}>
      <span className="menu-check">
        <Icon name="check" size={12} />
      </span>
      {name}
    </MenuItem>
  );
}
