# step NAME COMMAND...: run the command, print how long it took, stop at the first that fails.
# errexit is off inside COMMAND: a function that is a step joins its lines with `&&`.
step() {
    local name=$1 start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if ! "$@" </dev/null; then
        printf '== %s FAILED after %d s\n' "$name" $((SECONDS - start)) >&2
        exit 1
    fi
    printf '== %s took %d s\n' "$name" $((SECONDS - start))
}
