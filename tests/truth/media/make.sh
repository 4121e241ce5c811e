#!/usr/bin/env bash
# Makes the media that the truth tests play: 40 s of a moving test pattern in two sizes and a tone apart from them, as
# CMAF segments of 2 s that HLS and DASH share. Its outputs are committed, so only whoever changes them needs ffmpeg.
#   bash tests/truth/media/make.sh
set -euo pipefail
cd "$(dirname "$0")"
rm -rf low high audio && mkdir low high audio

segments=(-f hls -hls_time 2 -hls_list_size 0 -hls_playlist_type vod -hls_segment_type fmp4 -start_number 0 -hls_fmp4_init_filename init.mp4)
exact=(-map_metadata -1 -fflags +bitexact -flags +bitexact)

video() { # folder width height kbit/s
  # No B-frames: a frame's place in the stream is its place on the screen. A key frame every 2 s begins each segment.
  ffmpeg -loglevel error -f lavfi -i "testsrc2=size=$2x$3:rate=25:duration=40,format=yuv420p" \
    -c:v libx264 -profile:v main -preset veryslow -bf 0 -g 50 -keyint_min 50 -sc_threshold 0 \
    -b:v "$4k" -maxrate "$4k" -bufsize "$4k" -video_track_timescale 25000 "${exact[@]}" \
    "${segments[@]}" -hls_segment_filename "$1/%02d.m4s" "$1/index.m3u8"
}
video low 160 90 35
video high 320 180 85

# 1875 frames of 1024 samples are 40 s exactly, so that the stream can go round without a gap.
ffmpeg -loglevel error -f lavfi -i "sine=frequency=440:beep_factor=4:sample_rate=48000:duration=40" \
  -c:a aac -b:a 12k -ac 1 -frames:a 1875 "${exact[@]}" \
  "${segments[@]}" -hls_segment_filename "audio/%02d.m4s" "audio/index.m3u8"

# The server writes its own playlists.
rm */index.m3u8
