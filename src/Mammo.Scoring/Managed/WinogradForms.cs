using System.Collections.Frozen;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Which form of Winograd's method convolutions take: F(4×4), which is fastest, or F(2×2), nearly as exact as sums without it, where F(4×4) was found too
/// inexact.
/// </summary>
/// <param name="exact">Layers that take F(2×2).</param>
internal sealed class WinogradForms(IEnumerable<string> exact)
{
    private readonly FrozenSet<string> _exact = exact.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>F(4×4) for all.</summary>
    public static WinogradForms Fastest { get; } = new([]);

    /// <summary>True where a layer takes F(2×2).</summary>
    public bool IsExact(string layer) => _exact.Contains(layer);
}
