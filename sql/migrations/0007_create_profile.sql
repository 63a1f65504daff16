-- migrate:up

CREATE TABLE insta_profile (
    username text PRIMARY KEY CHECK (username = lower(username)),
    instagram_user_id text NOT NULL,
    full_name text NOT NULL,
    biography text NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    post_count bigint NOT NULL,
    profile_pic_url text,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    fetched_at timestamptz NOT NULL
);

COMMENT ON TABLE insta_profile IS 'the basic profile of any account, under the name it had when it was last read';

CREATE TABLE instagram_user (
    instagram_user_id text PRIMARY KEY,
    username text NOT NULL CHECK (username = lower(username)),
    full_name text NOT NULL,
    biography text NOT NULL,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    is_business boolean NOT NULL,
    account_type integer,
    category text,
    category_id text,
    external_url text,
    public_email text,
    public_phone_country_code text,
    public_phone_number text,
    contact_phone_number text,
    business_contact_method text,
    fbid text,
    profile_pic_url text,
    latest_reel_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL
);

COMMENT ON TABLE instagram_user IS 'an account by the id that it keeps under every name';

CREATE INDEX instagram_user_by_username ON instagram_user (username, fetched_at DESC);

CREATE TABLE instagram_user_about (
    instagram_user_id text PRIMARY KEY REFERENCES instagram_user ON DELETE CASCADE,
    country text,
    date_joined text,
    joined_at timestamptz,
    former_usernames text
);

COMMENT ON COLUMN instagram_user_about.date_joined IS 'month and year in words, as the upstream says it';

CREATE TABLE instagram_bio_link (
    instagram_user_id text NOT NULL REFERENCES instagram_user ON DELETE CASCADE,
    position integer NOT NULL,
    link_id text,
    title text NOT NULL,
    url text NOT NULL,
    lynx_url text,
    link_type text,
    is_pinned boolean NOT NULL,
    PRIMARY KEY (instagram_user_id, position)
);

CREATE TABLE instagram_profile_pic_version (
    instagram_user_id text NOT NULL REFERENCES instagram_user ON DELETE CASCADE,
    picture_id text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    url text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (instagram_user_id, picture_id, width, height)
);

COMMENT ON TABLE instagram_profile_pic_version IS 'history: every picture that an account showed, in each size';
COMMENT ON COLUMN instagram_profile_pic_version.url IS 'the newest address; it is signed and lives for days only';

CREATE TABLE instagram_user_metrics (
    instagram_user_id text NOT NULL REFERENCES instagram_user ON DELETE CASCADE,
    day date NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    post_count bigint NOT NULL,
    total_igtv_videos bigint,
    fetched_at timestamptz NOT NULL,
    PRIMARY KEY (instagram_user_id, day)
);

COMMENT ON TABLE instagram_user_metrics IS 'history: the last reading of each local day';

CREATE TABLE instagram_user_location (
    instagram_user_id text PRIMARY KEY REFERENCES instagram_user ON DELETE CASCADE,
    address_street text,
    city_name text,
    city_id text,
    instagram_location_id text,
    latitude double precision,
    longitude double precision,
    zip text
);

CREATE TABLE tiktok_user (
    tiktok_user_id text PRIMARY KEY,
    username text NOT NULL CHECK (username = lower(username)),
    secuid text NOT NULL,
    full_name text NOT NULL,
    biography text NOT NULL,
    is_private boolean NOT NULL,
    is_verified boolean NOT NULL,
    category text,
    external_url text,
    avatar_url text,
    first_seen_at timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL
);

CREATE INDEX tiktok_user_by_username ON tiktok_user (username, fetched_at DESC);

CREATE TABLE tiktok_user_metrics (
    tiktok_user_id text NOT NULL REFERENCES tiktok_user ON DELETE CASCADE,
    day date NOT NULL,
    follower_count bigint NOT NULL,
    following_count bigint NOT NULL,
    video_count bigint NOT NULL,
    heart_count bigint NOT NULL,
    friend_count bigint,
    fetched_at timestamptz NOT NULL,
    PRIMARY KEY (tiktok_user_id, day)
);

COMMENT ON TABLE tiktok_user_metrics IS 'history: the last reading of each local day';

-- What the newest posts of any account were when somebody looked. Posts of clients are in insta_post and tiktok_post;
-- this keeps a dashboard that asks again and again from costing a request each time, for whichever account it asks.
CREATE TABLE account_listing (
    platform text NOT NULL CHECK (platform IN ('insta', 'tiktok')),
    username text NOT NULL CHECK (username = lower(username)),
    posts jsonb NOT NULL,
    reaches_back_to timestamptz NOT NULL,
    fetched_at timestamptz NOT NULL,
    PRIMARY KEY (platform, username)
);

COMMENT ON COLUMN account_listing.reaches_back_to IS 'nothing that the account published since then is missing';

-- migrate:down
-- Forwards only: a mistake is mended by the next migration.
