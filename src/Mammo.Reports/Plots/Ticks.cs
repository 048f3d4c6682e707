using System.Globalization;

namespace Mammo.Reports.Plots;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    private const int Wanted = 5;

    /// <summary>Multiples of 1, 2 or 5 times a power of ten within the axis, four to nine of them, with as many decimals as their step needs.</summary>
    public static IEnumerable<(double Value, string Text)> Of(PlotAxis axis)
    {
        var raw = (axis.Maximum - axis.Minimum) / Wanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 12);
        for (var i = Math.Ceiling((axis.Minimum / step) - 1e-9); i * step <= axis.Maximum + (step * 1e-9); i++)
        {
            // No negative zero.
            var value = Math.Round(i * step, decimals) + 0.0;
            yield return (value, value.ToString($"F{decimals}", CultureInfo.InvariantCulture));
        }
    }
}
