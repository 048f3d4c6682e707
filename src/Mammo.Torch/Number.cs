using TorchSharp;

namespace Mammo.Torch;

/// <summary>
/// Numbers as operands of torch. TorchSharp's <see cref="Scalar"/> frees its native half in a finalizer, and its operators do not keep it alive while they
/// run: a garbage collection at that moment,
/// on another thread, makes them read freed memory. The latest numbers of each thread stay referenced here, so that none is freed before its operator returns.
/// </summary>
internal static class Number
{
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar[]? _latest;

    [ThreadStatic]
    private static int _next;

    /// <summary>The number, valid for the operator that is called next.</summary>
    public static Scalar Of(double value)
    {
        var latest = _latest ??= new Scalar[Kept];
        _next = (_next + 1) % Kept;
        return latest[_next] = value;
    }
}
