-- corpus.db: what the corpus folders say. Derived: deleting the file costs one reload.
-- Raise SCHEMA_VERSION in files.py with every change here; a file of another version is set aside and rebuilt.

-- Facts about the corpus as a whole: generation, loaded_at, what passages there were when common words were counted.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every file that was read, also a rejected one: size, time and hash tell that it need not be read again.
CREATE TABLE file (
    path           TEXT PRIMARY KEY,
    size           INTEGER NOT NULL,
    mtime_ns       INTEGER NOT NULL,
    hash           BLOB NOT NULL,
    parser_version INTEGER NOT NULL,
    rejected       INTEGER NOT NULL
) WITHOUT ROWID;

-- A document. `key` is a hash of the path: what buttons and autocomplete name it by.
CREATE TABLE document (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    path        TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    source      TEXT NOT NULL,             -- what the file says, else the video's channel
    video       TEXT NOT NULL,             -- YouTube id, or empty
    guest       TEXT NOT NULL,
    author      TEXT NOT NULL,
    published   TEXT NOT NULL,             -- ISO date or empty: what the file says, else the video's
    duration    INTEGER,                   -- seconds: the video's length
    reference_list TEXT NOT NULL,          -- JSON: [[number, text], ...]
    words       TEXT,                      -- the title as it is indexed, where that differs
    stated_source    TEXT NOT NULL,        -- these three as the file says
    stated_published TEXT NOT NULL,
    stated_duration  INTEGER,
    language    TEXT NOT NULL              -- what its words are stemmed in before they are indexed; empty for English
);
CREATE INDEX document_language ON document (language) WHERE language != '';
CREATE INDEX document_video ON document (video) WHERE video != '';
CREATE INDEX document_source ON document (source, published);

-- What a wikilink may call a document by: title, aliases, file name, folded. `shown` is the name as written.
CREATE TABLE name (
    slug     TEXT NOT NULL,
    document INTEGER NOT NULL,
    rank     INTEGER NOT NULL,             -- 0 title, 1 alias, 2 file name
    shown    TEXT NOT NULL,
    PRIMARY KEY (slug, document)
) WITHOUT ROWID;
CREATE INDEX name_document ON name (document);

CREATE TABLE section (
    document INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    heading  TEXT NOT NULL,
    level    INTEGER NOT NULL,
    path     TEXT NOT NULL,                -- headings from the top down, a line each
    line     INTEGER NOT NULL,
    words    TEXT,                         -- the path as it is indexed, where that differs
    PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;

-- A passage as it is shown (`text`), and as it is indexed where that differs (`words`).
CREATE TABLE passage (
    id             INTEGER PRIMARY KEY,
    document       INTEGER NOT NULL,
    section        INTEGER NOT NULL,
    line           INTEGER NOT NULL,
    is_item        INTEGER NOT NULL,
    is_searched    INTEGER NOT NULL,       -- 0 for an item that is nothing but a link
    text           TEXT NOT NULL,
    words          TEXT,
    reference_list TEXT                    -- JSON: [number, ...]
);
CREATE INDEX passage_document ON passage (document, section);

-- A moment: raw as the file says it, then what it was settled to mean. Ids ascend in the order of a document's text.
CREATE TABLE moment (
    id         INTEGER PRIMARY KEY,
    passage    INTEGER NOT NULL,
    document   INTEGER NOT NULL,
    video      TEXT NOT NULL,
    written    TEXT NOT NULL,
    label      TEXT NOT NULL,
    span_start INTEGER NOT NULL,           -- its words: passage.text[span_start:span_end]
    span_end   INTEGER NOT NULL,
    line       INTEGER NOT NULL,
    start      INTEGER,                    -- seconds; NULL where doubtful
    until      INTEGER,
    trust      TEXT NOT NULL,
    reason     TEXT NOT NULL
);
CREATE INDEX moment_passage ON moment (passage);
CREATE INDEX moment_video ON moment (video, start);
CREATE INDEX moment_document ON moment (document);
CREATE INDEX moment_doubt ON moment (trust, document) WHERE trust != 'stated';

CREATE TABLE take (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    passage  INTEGER NOT NULL,
    label    TEXT NOT NULL,                -- empty for a key takeaway
    text     TEXT NOT NULL
);
CREATE INDEX take_document ON take (document);

-- A wikilink. Where it leads is found by joining `slug` with name.slug: that depends on the other files.
CREATE TABLE link (
    document INTEGER NOT NULL,
    passage  INTEGER,                      -- NULL for a link in a heading
    slug     TEXT NOT NULL,
    target   TEXT NOT NULL,
    line     INTEGER NOT NULL
);
CREATE INDEX link_slug ON link (slug);
CREATE INDEX link_document ON link (document);

-- What index pages call a video.
CREATE TABLE video_title (
    video    TEXT NOT NULL,
    document INTEGER NOT NULL,
    title    TEXT NOT NULL,
    PRIMARY KEY (video, document)
) WITHOUT ROWID;

-- What is known of the videos that pages cite, as it was at the last reload: from YouTube (state.db keeps that), from
-- videos.csv, from the pages' front matter.
CREATE TABLE video (
    id        TEXT PRIMARY KEY,
    title     TEXT NOT NULL,               -- these three are empty where they are not known
    channel   TEXT NOT NULL,
    published TEXT NOT NULL,
    seconds   INTEGER,                     -- its length, NULL where it is not known
    origin    TEXT                         -- who says its length
) WITHOUT ROWID;

-- What the videos.csv files say.
CREATE TABLE listed_length (
    path    TEXT NOT NULL,
    video   TEXT NOT NULL,
    seconds INTEGER NOT NULL,
    PRIMARY KEY (path, video)
) WITHOUT ROWID;

-- One thing wrong in a file, as the parser saw it. Repairs, doubts and dead links are worked out from the tables above.
CREATE TABLE finding (
    path     TEXT NOT NULL,
    line     INTEGER NOT NULL,
    code     TEXT NOT NULL,
    severity TEXT NOT NULL,
    message  TEXT NOT NULL,
    action   TEXT NOT NULL
);
CREATE INDEX finding_path ON finding (path);

-- What full-text search sees of a passage, and the index over it.
CREATE VIEW passage_text AS
    SELECT passage.id AS id,
           passage.document AS document,
           coalesce(passage.words, passage.text) AS words,
           coalesce(section.words, section.path) AS heading,
           coalesce(document.words, document.title) AS title
      FROM passage
      JOIN section ON section.document = passage.document AND section.ordinal = passage.section
      JOIN document ON document.id = passage.document
     WHERE passage.is_searched;

CREATE VIRTUAL TABLE passage_index USING fts5 (
    words, heading, title,
    content = 'passage_text', content_rowid = 'id',
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- The terms of the index: words of any passage as they are stemmed.
CREATE VIRTUAL TABLE passage_term USING fts5vocab (passage_index, row);

CREATE VIRTUAL TABLE passage_column_term USING fts5vocab (passage_index, col);

-- Those that very many passages have, and in how many they are, about: anywhere, and in a passage's own text.
CREATE TABLE common_word (
    term     TEXT PRIMARY KEY,
    anywhere INTEGER NOT NULL,
    own      INTEGER NOT NULL
) WITHOUT ROWID;

-- Words as they are spelt (the index has only their stems): what a misspelt word of a question may have meant.
-- Words of removed documents stay until the next rebuild; who reads this asks the index whether a word is still there.
CREATE TABLE spelling (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
