#!/usr/bin/env bash
# The way into a real archive and back: starts Orthanc with its DICOMweb plugin on this machine alone and runs RoundTrip.ps1 against it.
# Needs Orthanc and its plugin (Debian: orthanc, orthanc-dicomweb) and a built Mammo: tests/orthanc/run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
plugin=${ORTHANC_DICOMWEB:-/usr/share/orthanc/plugins/libOrthancDicomWeb.so}
work=$(mktemp -d)
server=
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; fi; }
trap 'stop; rm -rf "$work"' EXIT

cat > "$work/orthanc.json" <<JSON
{ "Name": "Mammo", "StorageDirectory": "$work/db", "IndexDirectory": "$work/db", "HttpPort": 18943, "RemoteAccessAllowed": false, "DicomServerEnabled": false,
  "AuthenticationEnabled": true, "RegisteredUsers": { "mammo": "secret" }, "Plugins": ["$plugin"],
  "DicomWeb": { "Enable": true, "Root": "/dicom-web/" }, "OverwriteInstances": false }
JSON

Orthanc "$work/orthanc.json" > "$work/orthanc.log" 2>&1 &
server=$!
for _ in $(seq 300); do
  if curl -s -o "$work/system" -u mammo:secret http://127.0.0.1:18943/system; then break; fi
  kill -0 "$server" || { cat "$work/orthanc.log"; exit 1; }
  sleep 0.2
done

mammo() { dotnet "$repository/src/Mammo.Host/bin/Debug/net10.0/Mammo.Host.dll" -NoProfile -File "$here/RoundTrip.ps1" "$work" http://127.0.0.1:18943/dicom-web "$@"; }
mammo -Step Store
stop
mammo -Step Down

# Two other readers find what went in: pydicom (Debian: python3-pydicom) and dcmjs, in a version that runs on node 20.
if /usr/bin/python3 -c 'import numpy, pydicom' 2> /dev/null; then
  /usr/bin/python3 "$here/read_back.py" "$work"
  if command -v npm > /dev/null && npm install --silent --no-save --prefix "$work" dcmjs@0.33.1 > "$work/said" 2>&1; then
    DCMJS=$work node "$here/read_back.cjs" "$work"
  fi
fi

# The checks of others, as far as they are installed (Debian: dicom3tools, dcmtk, libpixelmed-java). PixelMed ends well in any case: it must be silent.
silent() { if [ -s "$work/said" ]; then echo "$1:"; head -20 "$work/said"; exit 1; fi; }
pixelmed=/usr/share/java/pixelmed.jar
if command -v dciodvfy > /dev/null; then
  for file in "$work"/results/*; do dciodvfy "$file" 2>&1 | grep '^Error' || true; done > "$work/said"
  silent dciodvfy
  echo "ok: dciodvfy has no error ($(find "$work/results" -type f | wc -l) files)"
fi
if command -v dsrdump > /dev/null && command -v dcmpschk > /dev/null; then
  for file in "$work"/results/SR*; do dsrdump "$file" 2>&1 > "$work/text" | grep -v '^W:' || true; done > "$work/said"
  silent dsrdump
  for file in "$work"/results/PR*; do dcmpschk "$file" 2>&1 | grep -iE '^(E|F):|error' || true; done > "$work/said"
  silent dcmpschk
  echo 'ok: dsrdump and dcmpschk have no error'
fi
if command -v java > /dev/null && [ -f "$pixelmed" ]; then
  # Its style sheet is above the limits that Java has for strangers'. It names what it found, and has an end only where it was not stopped.
  for file in "$work"/results/SR*; do
    java -Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0 -cp "$pixelmed" com.pixelmed.validate.DicomSRValidator "$file" \
      > "$work/verdict" 2>&1 || true
    grep -q '^IOD validation complete' "$work/verdict" || echo "no verdict on $file"
    grep -vE '^(Found ComprehensiveSR IOD|Found Root Template TID_1500 .*|Root Template Validation Complete|IOD validation complete)$' "$work/verdict" || true
  done > "$work/said"
  silent PixelMed
  echo 'ok: PixelMed has no error on the reports'
fi
