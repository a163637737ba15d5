#!/bin/busybox sh
# The first process of the guest: binds vfio-pci to every board, runs the tests on each, and reports.
#
# Ports of the host: `facts` gets lines (`board INDEX ADDRESS GROUP`, `done INDEX CODE`, `passed: CHECK`, `failed: CHECK`,
# `end`), `report INDEX` the JSON object of the tests, `side INDEX` leads to the board's side channel. The console gets
# everything else.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
echo "up after $(cut -d' ' -f1 /proc/uptime) s: Linux $(uname -r)"
grep -q goldilane.probe /proc/cmdline && poweroff -f

port() {
    for port in /sys/class/virtio-ports/*; do
        [ "$(cat "$port/name" 2>/dev/null)" = "$1" ] && echo "/dev/$(basename "$port")" && return
    done
    echo "no port $1" >&2
}

facts=$(port facts)
fact() {
    echo "$*"
    [ -n "$facts" ] && echo "$*" >"$facts"
}

for module in irqbypass vfio vfio_iommu_type1 vfio-pci-core vfio-pci; do
    insmod "/modules/$module.ko" || fact "failed: insmod $module"
done

boards=
for device in /sys/bus/pci/devices/*; do
    [ "$(cat "$device/vendor") $(cat "$device/device")" = "$(cat /board_id)" ] && boards="$boards $device"
done
# What only a kernel can show: each a command that must succeed.
check() {
    name=$1
    shift
    if "$@"; then fact "passed: $name"; else fact "failed: $name"; fi
}
bind() {
    echo vfio-pci >"/sys/bus/pci/devices/$1/driver_override"
    echo "$1" >/sys/bus/pci/drivers_probe
}
refused() {
    ! goldilane probe
}
in_use() {
    goldilane info --device "vfio:$1" 2>&1 | grep 'in use by another process'
}
soaked() {
    goldilane soak --duration 3s --device "vfio:$1" 2>/stderr
}
rescanned() {
    echo 1 >"/sys/bus/pci/devices/$1/remove"
    [ -e "/sys/bus/pci/devices/$1" ] && return 1
    echo 1 >/sys/bus/pci/rescan
    bind "$1"
    soaked "$1"
}
# The kernel waits with the removal until the driver has let go.
asked_back() {
    goldilane soak --duration 200s --device "vfio:$1" >/asked 2>&1 &
    driver=$!
    sleep 3
    echo 1 >"/sys/bus/pci/devices/$1/remove"
    wait $driver && return 1
    cat /asked
    grep -q 'the host asks for the device' /asked || return 1
    echo 1 >/sys/bus/pci/rescan
    bind "$1"
    soaked "$1"
}

check "probe refuses boards that no driver is bound to" refused
for device in $boards; do
    bind "$(basename "$device")"
done
check "probe finds boards that can be used" goldilane probe

first=$(for device in $boards; do basename "$device"; done | head -n 1)
goldilane soak --duration 100s --device "vfio:$first" >/dev/null 2>&1 &
driver=$!
sleep 3
check "a board in use is told" in_use "$first"
kill -9 $driver
wait $driver
check "a driver killed with live maps leaves a board that serves the next one" soaked "$first"
check "a board that was removed and found again works" rescanned "$first"
check "a driver lets go of a board that is asked back, and the next one has it" asked_back "$first"

index=0
for device in $boards; do
    address=$(basename "$device")
    fact "board $index $address $(basename "$(readlink "$device/iommu_group")")"
    # The arguments of this board, without its device.
    timeout "$(cat /time_limit)" goldilane conform --json --device "vfio:$address" --side-channel "$(port "side$index")" \
        $(cat "/arguments$index") >"$(port "report$index")" 2>/stderr
    fact "done $index $?"
    tail -n 20 /stderr
    index=$((index + 1))
done
dmesg | grep -iE 'dmar|vfio' | tail -n 20
fact end
poweroff -f
