#!/usr/bin/env bash
# Makes the sample video that the demo page and the browser tests play: 30 s of test pattern with a clock and a tone.
# Its outputs are committed, so only whoever changes the video needs ffmpeg (with libx264 and drawtext).
#   bash packages/local/sample/make.sh
set -euo pipefail
cd "$(dirname "$0")"
rm -rf sample.mp4 hls && mkdir hls

pattern() { # width height
  local clock="drawtext=fontfile=$(fc-match -f '%{file}' 'DejaVu Sans Mono'):text='%{pts\:hms}':fontsize=h/6:fontcolor=white:box=1:boxcolor=black@0.7:boxborderw=12:x=(w-tw)/2:y=(h-th)/2"
  printf '%s' "smptehdbars=size=$1x$2:rate=30:duration=30,$clock,format=yuv420p"
}
tone=(-f lavfi -i "sine=frequency=440:beep_factor=4:sample_rate=44100:duration=30")
# A key frame every 2 s, so that the segments of both renditions line up.
video=(-c:v libx264 -profile:v main -preset veryslow -g 60 -keyint_min 60 -sc_threshold 0 -map_metadata -1 -fflags +bitexact)
audio=(-c:a aac -b:a 48k -ac 1)

ffmpeg -loglevel error -f lavfi -i "$(pattern 640 360)" "${tone[@]}" "${video[@]}" -b:v 150k -maxrate 200k -bufsize 400k \
  "${audio[@]}" -movflags +faststart sample.mp4

rendition() { # name width height bitrate
  ffmpeg -loglevel error -f lavfi -i "$(pattern "$2" "$3")" "${tone[@]}" "${video[@]}" -b:v "$4" -maxrate "$4" -bufsize "$4" \
    "${audio[@]}" -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4 -hls_flags independent_segments \
    -hls_fmp4_init_filename "$1-init.mp4" -hls_segment_filename "hls/$1-%02d.m4s" "hls/$1.m3u8"
}
rendition high 640 360 150k
rendition low 320 180 60k

cat > hls/master.m3u8 <<'PLAYLIST'
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=260000,AVERAGE-BANDWIDTH=200000,RESOLUTION=640x360,FRAME-RATE=30,CODECS="avc1.4d401e,mp4a.40.2"
high.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=140000,AVERAGE-BANDWIDTH=110000,RESOLUTION=320x180,FRAME-RATE=30,CODECS="avc1.4d400d,mp4a.40.2"
low.m3u8
PLAYLIST
du -ch sample.mp4 hls/* | tail -n 1
