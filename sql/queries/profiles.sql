-- name: store_insta_profile
-- The basic profile of any account, under its present name.
INSERT INTO insta_profile (
    username, instagram_user_id, full_name, biography, follower_count, following_count, post_count, profile_pic_url,
    is_private, is_verified, fetched_at
)
VALUES (
    %(username)s, %(account_id)s, %(full_name)s, %(biography)s, %(followers)s, %(following)s, %(posts)s,
    %(picture_url)s, %(is_private)s, %(is_verified)s, %(now)s
)
ON CONFLICT (username) DO UPDATE
SET instagram_user_id = EXCLUDED.instagram_user_id,
    full_name = EXCLUDED.full_name,
    biography = EXCLUDED.biography,
    follower_count = EXCLUDED.follower_count,
    following_count = EXCLUDED.following_count,
    post_count = EXCLUDED.post_count,
    profile_pic_url = EXCLUDED.profile_pic_url,
    is_private = EXCLUDED.is_private,
    is_verified = EXCLUDED.is_verified,
    fetched_at = EXCLUDED.fetched_at;

-- name: store_instagram_user
-- The account by the id that it keeps under every name.
INSERT INTO instagram_user AS known (
    instagram_user_id, username, full_name, biography, is_private, is_verified, is_business, account_type, category,
    category_id, external_url, public_email, public_phone_country_code, public_phone_number, contact_phone_number,
    business_contact_method, fbid, profile_pic_url, latest_reel_at, first_seen_at, fetched_at
)
VALUES (
    %(account_id)s, %(username)s, %(full_name)s, %(biography)s, %(is_private)s, %(is_verified)s, %(is_business)s,
    %(account_type)s, %(category)s, %(category_id)s, %(external_url)s, %(public_email)s,
    %(public_phone_country_code)s, %(public_phone_number)s, %(contact_phone_number)s, %(business_contact_method)s,
    %(fbid)s, %(picture_url)s, %(latest_reel_at)s, %(now)s, %(now)s
)
ON CONFLICT (instagram_user_id) DO UPDATE
SET username = EXCLUDED.username,
    full_name = EXCLUDED.full_name,
    biography = EXCLUDED.biography,
    is_private = EXCLUDED.is_private,
    is_verified = EXCLUDED.is_verified,
    is_business = EXCLUDED.is_business,
    account_type = EXCLUDED.account_type,
    category = EXCLUDED.category,
    category_id = EXCLUDED.category_id,
    external_url = EXCLUDED.external_url,
    public_email = EXCLUDED.public_email,
    public_phone_country_code = EXCLUDED.public_phone_country_code,
    public_phone_number = EXCLUDED.public_phone_number,
    contact_phone_number = EXCLUDED.contact_phone_number,
    business_contact_method = EXCLUDED.business_contact_method,
    fbid = EXCLUDED.fbid,
    profile_pic_url = EXCLUDED.profile_pic_url,
    latest_reel_at = EXCLUDED.latest_reel_at,
    fetched_at = EXCLUDED.fetched_at;

-- name: store_instagram_about
-- What Instagram says of the account; an answer without it changes nothing.
INSERT INTO instagram_user_about (instagram_user_id, country, date_joined, joined_at, former_usernames)
VALUES (%(account_id)s, %(country)s, %(date_joined)s, %(joined_at)s, %(former_usernames)s)
ON CONFLICT (instagram_user_id) DO UPDATE
SET country = EXCLUDED.country,
    date_joined = EXCLUDED.date_joined,
    joined_at = EXCLUDED.joined_at,
    former_usernames = EXCLUDED.former_usernames;

-- name: remove_instagram_location
-- The account names no place any more.
DELETE FROM instagram_user_location
WHERE instagram_user_id = %(account_id)s;

-- name: store_instagram_location
-- Where the account says that it is.
INSERT INTO instagram_user_location (
    instagram_user_id, address_street, city_name, city_id, instagram_location_id, latitude, longitude, zip
)
VALUES (
    %(account_id)s, %(address_street)s, %(city_name)s, %(city_id)s, %(instagram_location_id)s, %(latitude)s,
    %(longitude)s, %(zip)s
)
ON CONFLICT (instagram_user_id) DO UPDATE
SET address_street = EXCLUDED.address_street,
    city_name = EXCLUDED.city_name,
    city_id = EXCLUDED.city_id,
    instagram_location_id = EXCLUDED.instagram_location_id,
    latitude = EXCLUDED.latitude,
    longitude = EXCLUDED.longitude,
    zip = EXCLUDED.zip;

-- name: store_instagram_bio_links
-- The links below the biography, in their order; those that are gone go.
WITH listed AS (
    SELECT position, link_id, title, url, lynx_url, link_type, is_pinned
    FROM jsonb_to_recordset(%(links)s) AS listed (
        position integer, link_id text, title text, url text, lynx_url text, link_type text, is_pinned boolean
    )
),
gone AS (
    DELETE FROM instagram_bio_link
    WHERE instagram_user_id = %(account_id)s
        AND position NOT IN (SELECT position FROM listed)
)
INSERT INTO instagram_bio_link (
    instagram_user_id, position, link_id, title, url, lynx_url, link_type, is_pinned
)
SELECT %(account_id)s, position, link_id, title, url, lynx_url, link_type, is_pinned
FROM listed
ON CONFLICT (instagram_user_id, position) DO UPDATE
SET link_id = EXCLUDED.link_id,
    title = EXCLUDED.title,
    url = EXCLUDED.url,
    lynx_url = EXCLUDED.lynx_url,
    link_type = EXCLUDED.link_type,
    is_pinned = EXCLUDED.is_pinned;

-- name: store_instagram_pictures
-- The picture in each size: a new one is added, one that is known gets its newest address.
INSERT INTO instagram_profile_pic_version (
    instagram_user_id, picture_id, width, height, url, first_seen_at, last_seen_at
)
SELECT %(account_id)s, picture_id, width, height, url, %(now)s, %(now)s
FROM jsonb_to_recordset(%(pictures)s) AS shown (picture_id text, width integer, height integer, url text)
ON CONFLICT (instagram_user_id, picture_id, width, height) DO UPDATE
SET url = EXCLUDED.url, last_seen_at = EXCLUDED.last_seen_at;

-- name: store_instagram_metrics
-- The day's numbers; a later reading of the same day replaces them.
INSERT INTO instagram_user_metrics (
    instagram_user_id, day, follower_count, following_count, post_count, total_igtv_videos, fetched_at
)
VALUES (%(account_id)s, %(day)s, %(followers)s, %(following)s, %(posts)s, %(total_igtv_videos)s, %(now)s)
ON CONFLICT (instagram_user_id, day) DO UPDATE
SET follower_count = EXCLUDED.follower_count,
    following_count = EXCLUDED.following_count,
    post_count = EXCLUDED.post_count,
    total_igtv_videos = EXCLUDED.total_igtv_videos,
    fetched_at = EXCLUDED.fetched_at;

-- name: find_insta_profile
-- All that is known of the account that was last seen under a name.
SELECT instagram_user.instagram_user_id AS account_id, instagram_user.username, instagram_user.full_name,
    instagram_user.biography, metrics.follower_count AS followers, metrics.following_count AS following,
    metrics.post_count AS posts, instagram_user.is_private, instagram_user.is_verified, category, external_url,
    instagram_user.profile_pic_url AS picture_url, is_business, account_type, category_id, public_email,
    public_phone_country_code, public_phone_number, contact_phone_number, business_contact_method, fbid,
    total_igtv_videos, latest_reel_at, links.bio_links, shown.pictures,
    CASE WHEN about.instagram_user_id IS NOT NULL THEN
        jsonb_build_object(
            'country', about.country, 'date_joined', date_joined, 'joined_at', joined_at,
            'former_usernames', former_usernames
        )
    END AS about,
    CASE WHEN place.instagram_user_id IS NOT NULL THEN to_jsonb(place) - 'instagram_user_id' END AS location,
    instagram_user.fetched_at
FROM instagram_user
CROSS JOIN LATERAL (
    SELECT follower_count, following_count, post_count, total_igtv_videos
    FROM instagram_user_metrics AS latest
    WHERE latest.instagram_user_id = instagram_user.instagram_user_id
    ORDER BY fetched_at DESC
    LIMIT 1
) AS metrics
CROSS JOIN LATERAL (
    SELECT COALESCE(jsonb_agg(to_jsonb(link) - '{instagram_user_id,position}'::text[] ORDER BY position), '[]')
        AS bio_links
    FROM instagram_bio_link AS link
    WHERE link.instagram_user_id = instagram_user.instagram_user_id
) AS links
CROSS JOIN LATERAL (
    SELECT COALESCE(
        jsonb_agg(
            jsonb_build_object('picture_id', picture_id, 'width', width, 'height', height, 'url', url)
            ORDER BY width, height
        ),
        '[]'
    ) AS pictures
    FROM instagram_profile_pic_version AS picture
    WHERE picture.instagram_user_id = instagram_user.instagram_user_id
        AND picture.last_seen_at = instagram_user.fetched_at
) AS shown
LEFT JOIN instagram_user_about AS about USING (instagram_user_id)
LEFT JOIN instagram_user_location AS place USING (instagram_user_id)
WHERE username = %(username)s
ORDER BY instagram_user.fetched_at DESC
LIMIT 1;

-- name: store_tiktok_user
-- The account by the id that it keeps under every name; as store_instagram_user, with TikTok's own columns.
INSERT INTO tiktok_user AS known (
    tiktok_user_id, username, secuid, full_name, biography, is_private, is_verified, category, external_url,
    avatar_url, first_seen_at, fetched_at
)
VALUES (
    %(account_id)s, %(username)s, %(secuid)s, %(full_name)s, %(biography)s, %(is_private)s, %(is_verified)s,
    %(category)s, %(external_url)s, %(picture_url)s, %(now)s, %(now)s
)
ON CONFLICT (tiktok_user_id) DO UPDATE
SET username = EXCLUDED.username,
    secuid = EXCLUDED.secuid,
    full_name = EXCLUDED.full_name,
    biography = EXCLUDED.biography,
    is_private = EXCLUDED.is_private,
    is_verified = EXCLUDED.is_verified,
    category = EXCLUDED.category,
    external_url = EXCLUDED.external_url,
    avatar_url = EXCLUDED.avatar_url,
    fetched_at = EXCLUDED.fetched_at;

-- name: store_tiktok_metrics
-- The day's numbers; a later reading of the same day replaces them. As store_instagram_metrics, with TikTok's own numbers.
INSERT INTO tiktok_user_metrics (
    tiktok_user_id, day, follower_count, following_count, video_count, heart_count, friend_count, fetched_at
)
VALUES (
    %(account_id)s, %(day)s, %(followers)s, %(following)s, %(posts)s, %(hearts)s, %(friends)s, %(now)s
)
ON CONFLICT (tiktok_user_id, day) DO UPDATE
SET follower_count = EXCLUDED.follower_count,
    following_count = EXCLUDED.following_count,
    video_count = EXCLUDED.video_count,
    heart_count = EXCLUDED.heart_count,
    friend_count = EXCLUDED.friend_count,
    fetched_at = EXCLUDED.fetched_at;

-- name: find_tiktok_profile
-- All that is known of the account that was last seen under a name.
SELECT tiktok_user.tiktok_user_id AS account_id, username, full_name, biography, metrics.follower_count AS followers,
    metrics.following_count AS following, metrics.video_count AS posts, is_private, is_verified, category,
    external_url, avatar_url AS picture_url, secuid, metrics.heart_count AS hearts, metrics.friend_count AS friends,
    tiktok_user.fetched_at
FROM tiktok_user
CROSS JOIN LATERAL (
    SELECT follower_count, following_count, video_count, heart_count, friend_count
    FROM tiktok_user_metrics AS latest
    WHERE latest.tiktok_user_id = tiktok_user.tiktok_user_id
    ORDER BY fetched_at DESC
    LIMIT 1
) AS metrics
WHERE username = %(username)s
ORDER BY tiktok_user.fetched_at DESC
LIMIT 1;
