using System.Globalization;
using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>Numbers lie in a range; so does each of several.</summary>
/// <param name="minimum">The lowest that is taken.</param>
/// <param name="maximum">The highest that is taken.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InRangeAttribute(double minimum, double maximum) : ValidateEnumeratedArgumentsAttribute
{
    // Limits that only keep a number sane are not worth naming.
    private const double HighestNamed = 1e6;
    private const double LowestNamed = 1e-5;

    /// <summary>The lowest that is taken.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The highest that is taken.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>The range in words: <c>0 to 255</c>, <c>1 or more</c>, <c>above 0</c>.</summary>
    public string Words => Maximum < HighestNamed ? $"{Text(Minimum)} to {Text(Maximum)}"
        : Minimum is > 0 and < LowestNamed ? "above 0"
        : $"{Text(Minimum)} or more";

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        var value = element is PSObject wrapped ? wrapped.BaseObject : element;
        if (value is null)
            throw ArgumentErrors.Refused("It is null.", $"Give {Words}, or leave the parameter out.");
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!(number >= Minimum && number <= Maximum))
            throw ArgumentErrors.Refused(
                $"{Text(number)} is {(number > Maximum ? "too large" : number < Minimum ? "too small" : "no number")}.",
                number > Maximum && Maximum >= HighestNamed ? $"Give {Text(Maximum)} or less." : $"Give {Words}.");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
