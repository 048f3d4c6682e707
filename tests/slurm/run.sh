#!/bin/bash
# A real Slurm of one node runs examples/archive/slurm.sbatch while everything goes wrong, and every image is there exactly once in the end, with the score of
# Invoke-MammoPredict. Takes minutes and is run by hand, as root, where slurm-wlm and munge are installed; see README.md beside it.
#
#   tests/slurm/run.sh [FOLDER]
#
# COUNT (files, 2000), KILLS (50), CPUS (those of the machine), MINUTES (the time limit that comes again and again, 1; a process that needs 30 s
# to start on a busy machine never scores anything within it) may be set.
set -u -o pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$(mktemp -d)}
count=${COUNT:-2000} kills=${KILLS:-50} cpus=${CPUS:-$(nproc)} minutes=${MINUTES:-1}
host="dotnet $repository/src/Mammo.Host/bin/Debug/net10.0/Mammo.Host.dll"
mkdir -p "$folder"/{slurm,spool,state,run,log}
chmod 755 "$folder"
RANDOM=1
started=$SECONDS
services=()
full=$folder/full

say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
die() { say "$*"; exit 1; }
leave() {
    scancel --user=root 2> /dev/null
    sleep 1
    for ((i = ${#services[@]} - 1; i >= 0; i--)); do kill "${services[i]}" 2> /dev/null; wait "${services[i]}" 2> /dev/null; done
    umount "$full" 2> /dev/null
}
trap leave EXIT

# ---- Slurm
cat > "$folder/slurm/slurm.conf" <<CONF
ClusterName=mammo
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/log/jobcomp.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
KillWait=2
ReturnToService=2
MaxArraySize=1001
NodeName=n0 NodeAddr=127.0.0.1 NodeHostname=$(hostname) CPUs=$cpus RealMemory=2000
PartitionName=all Nodes=n0 Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm/slurm.conf
dd if=/dev/urandom of="$folder/munge.key" bs=1024 count=1 2> /dev/null
chmod 400 "$folder/munge.key"
munged -F --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/log/munged.log" --seed-file="$folder/munged.seed" > /dev/null 2>&1 &
services+=($!)
sleep 1
slurmctld -D -i > /dev/null 2>&1 &
services+=($!)
slurmd -D -N n0 > /dev/null 2>&1 &
services+=($!)
for _ in $(seq 60); do sinfo -h -o %t 2> /dev/null | grep -q idle && break; sleep 1; done
sinfo -h -o %t | grep -q idle || die "Slurm did not start; see $folder/log"
say "Slurm $(sinfo --version | cut -d' ' -f2), $cpus processors"

# ---- The archive, and the template
export MAMMO_EXAMPLES=$repository/examples/archive MAMMO_PWSH=$host MAMMO_SPREAD=2 MAMMO_STAGING=$folder/staging MAMMO_RESTARTS=1000
export MAMMO_OPTIONS='@{ CommitSeconds = 0.5; LeaseSeconds = 20; WarningAction = "Ignore" }' MAMMO_SLURM_TEST=$folder
if [ ! -f "$folder/run/worklist.jsonl" ]; then
    $host -NoProfile -File "$repository/tests/slurm/Make-Archive.ps1" -Folder "$folder" -Repository "$repository" -Count "$count" || die 'no archive'
fi
say "$(find "$folder/archive" -type f | wc -l) files"
submit() {
    sbatch --parsable --cpus-per-task=1 --mem-per-cpu=200 --output="$folder/log/%A_%a.log" "$@" \
        "$MAMMO_EXAMPLES/slurm.sbatch" "$folder/run/worklist.jsonl" "$folder/model.safetensors" "$folder/run/shards"
}
# The format's own tool looks at the template as it is.
(cd "$repository" && sbatch --test-only --mem-per-cpu=0 --array=0-7 examples/archive/slurm.sbatch a b c) || die 'sbatch refuses the template'

# Requeued tasks wait two minutes otherwise.
hurry() {
    scontrol -o show job 2> /dev/null | grep 'JobState=PENDING' | grep -o '^JobId=[0-9]*' | cut -d= -f2 |
        while read -r job; do scontrol update "jobid=$job" starttime=now 2> /dev/null; done
}
running() { squeue -h -t PENDING,RUNNING,COMPLETING,REQUEUED 2> /dev/null | grep -c .; }
rows() { cat "$folder"/run/shards/*.jsonl "$folder"/staging/*.jsonl 2> /dev/null | grep -c '"id":'; }

# The processes of PowerShell that the array runs, and nobody else's.
workers() {
    for process in /proc/[0-9]*; do
        if grep -qz "^MAMMO_SLURM_TEST=$folder\$" "$process/environ" 2> /dev/null && grep -qz '^SLURM_ARRAY_JOB_ID=' "$process/environ" 2> /dev/null &&
            grep -qz 'Mammo.Host' "$process/cmdline" 2> /dev/null; then
            basename "$process"
        fi
    done
}
killed=0
kill_some() {
    local goal=$1 pids
    while [ "$killed" -lt "$goal" ] && [ "$(running)" -gt 0 ]; do
        sleep "$((RANDOM % 12)).$((RANDOM % 10))"
        hurry
        mapfile -t pids < <(workers)
        [ "${#pids[@]}" -gt 0 ] || continue
        kill -KILL "${pids[RANDOM % ${#pids[@]}]}" 2> /dev/null && killed=$((killed + 1))
    done
}
finish() {
    while [ "$(running)" -gt 0 ]; do hurry; sleep 2; done
}

# ---- 1: eight shards; kills until half of the images are done, then a signal to all of them
first=$(submit --array=0-7)
while [ "$killed" -lt $((kills / 2)) ] && [ "$(rows)" -lt $((count / 2)) ] && [ "$(running)" -gt 0 ]; do kill_some $((killed + 1)); done
say "8 shards: $killed killed, $(rows) results"
scancel -b --signal=USR1 "$first"
sleep 8
while [ "$(running)" -gt 0 ]; do scancel "$first" 2> /dev/null; sleep 2; done
say "after USR1 to all: $(rows) results; $(cat "$folder"/log/*_*.log | grep -c ': requeued') requeued"

# ---- 2: five shards, counted from 1, with a time limit that comes again and again
submit --array=1-5 --time="$minutes" --signal=B:USR1@30 > /dev/null
kill_some $((kills * 8 / 10))
finish
say "5 shards with a time limit: $killed killed, $(rows) results, $(ls "$folder"/run/shards/*.seal | wc -l) seals; " \
    "$(cat "$folder"/log/*_*.log | grep -c 'stopped$') calls stopped by a signal"

# ---- 3: a result file is deleted, one is cut, one is changed, a seal is forged
cd "$folder/run/shards" || exit 1
mapfile -t files < <(ls -S ./*.jsonl)
rm "${files[0]}"
truncate -s -700 "${files[1]}"
sed -i '3s/"Score":0\./"Score":1./' "${files[2]}"
seal=$(find . -name '*.seal' | sort | head -1)
sed -i 's/"sha256":"./"sha256":"0/' "$seal"
cd - > /dev/null || exit 1
$host -NoProfile -Command "Import-Module '$repository/Mammo.psd1'; Merge-MammoResult '$folder/run' -Out '$folder/scores.csv' -Force" > "$folder/log/damaged.log" 2>&1
[ $? -eq 1 ] || die 'the merge did not notice the damage'
say "damaged: $(grep -a Missing "$folder/log/damaged.log" | head -1 | tr -s ' ')"

# ---- 4: three shards; the disk of the node is full
mkdir -p "$full"
mount -t tmpfs -o size=64k tmpfs "$full" || die 'no tmpfs'
MAMMO_STAGING=$full submit --array=0-2 > /dev/null
finish
say "disk full: $(cat "$folder"/log/*_*.log | grep -c 'No space left') lines say so, $(rows) results"
umount "$full"

# ---- 5: three shards; the rest of the kills, to the end
last=$(submit --array=0-2)
kill_some "$kills"
finish
while [ "$killed" -lt "$kills" ]; do
    # All was done before the last kills: images that were refused are tried again, which takes a process too.
    last=$(MAMMO_OPTIONS='@{ RetryRefused = $true; LeaseSeconds = 20; WarningAction = "Ignore" }' submit --array=0-2)
    kill_some "$kills"
    finish
done
say "to the end: $killed killed, $(rows) results, job $last"
squeue -h
grep -c 'JobState=COMPLETED' "$folder/log/jobcomp.txt" | sed 's/^/completed: /'
$host -NoProfile -File "$repository/tests/slurm/Compare-Score.ps1" -Folder "$folder" -Repository "$repository" || die 'the scores are not those of Invoke-MammoPredict'
say "every image once, with the score of Invoke-MammoPredict; $killed processes killed"
