#!/bin/busybox sh
# The first process of the guest: binds vfio-pci to every board, runs the tests on each, and reports.
#
# Ports of the host: `facts` gets lines (`board INDEX ADDRESS GROUP`, `done INDEX CODE`, `end`), `report INDEX` the JSON
# object of the tests, `side INDEX` leads to the board's side channel. The console gets everything else.
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

index=0
for device in /sys/bus/pci/devices/*; do
    [ "$(cat "$device/vendor") $(cat "$device/device")" = "$(cat /board_id)" ] || continue
    address=$(basename "$device")
    echo vfio-pci >"$device/driver_override"
    echo "$address" >/sys/bus/pci/drivers_probe
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
