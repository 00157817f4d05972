//! The whole terminal: one page at a time, one key at a time. Leaves the terminal as it was, also when the program panics.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::time::Duration;

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::{cursor, execute, queue, style, terminal};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::page::{Line, Page, Tone};

/// Text is easier to read in lines that are not longer.
const WIDEST: usize = 92;

/// A key that was pressed, as far as any screen cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    Enter,
    Back,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    /// Ctrl-C, or the terminal is gone.
    Leave,
    /// Nothing to act on, but time has passed or the size is another.
    Tick,
}

#[derive(Debug)]
pub(crate) struct Terminal {
    scroll: usize,
    /// How far the last page could scroll.
    last: usize,
    /// The page follows its cursor; after a look elsewhere it stays there until the cursor moves.
    follows: bool,
}

impl Terminal {
    pub(crate) fn open() -> io::Result<Terminal> {
        terminal::enable_raw_mode()?;
        // From the first look on, a change of size is an event: it must not fall between the first page and the first key.
        event::poll(Duration::ZERO)?;
        execute!(io::stdout(), terminal::EnterAlternateScreen, terminal::DisableLineWrap, cursor::Hide)?;
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            before(panic);
        }));
        Ok(Terminal { scroll: 0, last: 0, follows: false })
    }

    /// The columns that a page is laid out for.
    pub(crate) fn width(&self) -> usize {
        usize::from(size().0).saturating_sub(4).clamp(20, WIDEST)
    }

    /// The next page begins at its top.
    pub(crate) fn top(&mut self) {
        self.begin(0);
    }

    /// The next page begins at a line.
    pub(crate) fn begin(&mut self, line: usize) {
        (self.scroll, self.follows) = (line, false);
    }

    pub(crate) fn draw(&mut self, page: &Page) -> io::Result<()> {
        let (columns, rows) = size();
        let margin = usize::from(columns).saturating_sub(self.width()) / 2;
        let room = usize::from(rows).saturating_sub(page.head.len() + page.foot.len() + 1).max(1);
        self.last = page.body.len().saturating_sub(room);
        self.scroll = self.scroll.min(self.last);
        if let Some(focus) = page.focus.filter(|_| self.follows) {
            self.scroll = self.scroll.clamp((focus + 2).saturating_sub(room), focus.max(self.scroll.min(focus))).min(self.last);
        }
        let more = match (self.scroll > 0, self.scroll < self.last) {
            (true, true) => "↑ more above (PgUp)   ↓ more below (PgDn)",
            (true, false) => "↑ more above (PgUp)",
            (false, true) => "↓ more below (PgDn)",
            (false, false) => "",
        };
        let body = page.body.iter().skip(self.scroll).take(room);
        let blank = Line::default();
        let fill = std::iter::repeat_n(&blank, room.saturating_sub(page.body.len()));
        let more = Line::new(more, Tone::Note);
        let lines = page.head.iter().chain(body).chain(fill).chain([&more]).chain(&page.foot);
        let mut out = io::stdout().lock();
        queue!(out, terminal::BeginSynchronizedUpdate)?;
        for (row, line) in lines.take(usize::from(rows)).enumerate() {
            let row = u16::try_from(row).unwrap_or(u16::MAX);
            queue!(out, cursor::MoveTo(0, row), terminal::Clear(terminal::ClearType::CurrentLine))?;
            queue!(out, style::Print(" ".repeat(margin)), style::Print(line.painted()))?;
        }
        queue!(out, terminal::Clear(terminal::ClearType::FromCursorDown), terminal::EndSynchronizedUpdate)?;
        out.flush()
    }

    /// Waits for a key, no longer than `patience`. Scrolling is done here.
    pub(crate) fn key(&mut self, patience: Duration) -> io::Result<Key> {
        // What reads keys would go on for ever on a terminal that is gone; where hangups are ignored (nohup), nothing else ends it.
        if is_gone(Duration::ZERO) || (!event::poll(Duration::ZERO)? && is_gone(patience)) {
            return Ok(Key::Leave);
        }
        if !event::poll(Duration::ZERO)? {
            return Ok(Key::Tick);
        }
        let key = match event::read()? {
            event::Event::Key(key) if key.kind != KeyEventKind::Release => read(key),
            _ => Key::Tick,
        };
        self.follows = match key {
            Key::PageDown | Key::PageUp => false,
            Key::Tick => self.follows,
            _ => true,
        };
        match key {
            Key::PageDown => self.scroll = (self.scroll + 10).min(self.last),
            Key::PageUp => self.scroll = self.scroll.saturating_sub(10),
            _ => {}
        }
        Ok(key)
    }

    /// One line further, where the page goes on below.
    pub(crate) fn down(&mut self) {
        self.scroll = (self.scroll + 1).min(self.last);
    }

    pub(crate) fn up(&mut self) {
        self.scroll = self.scroll.saturating_sub(1);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Waits for a key, a signal, or the end of the terminal.
fn is_gone(patience: Duration) -> bool {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
    // Interrupted by a signal it tells nothing, and the size may be another.
    let ended = poll(&mut watched, patience).is_ok_and(|ready| ready > 0);
    ended && watched[0].revents().is_some_and(|said| said.intersects(PollFlags::POLLHUP | PollFlags::POLLERR))
}

fn restore() {
    // The terminal may be gone; then there is nothing to restore and nobody to tell.
    let _gone = execute!(io::stdout(), cursor::Show, terminal::EnableLineWrap, terminal::LeaveAlternateScreen);
    let _gone = terminal::disable_raw_mode();
}

fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}

fn read(key: KeyEvent) -> Key {
    match key.code {
        KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => Key::Leave,
        // An enter that was typed ahead, before the terminal was ours.
        KeyCode::Char('j') if key.modifiers.contains(KeyModifiers::CONTROL) => Key::Enter,
        KeyCode::Char(_) if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Key::Tick,
        KeyCode::Char(typed) => Key::Char(typed.to_ascii_lowercase()),
        KeyCode::Enter => Key::Enter,
        KeyCode::Backspace => Key::Back,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => Key::Tick,
    }
}
