using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Evaluation.Comparison;

/// <summary>How a paired difference was tested. "By patient" counts the patients as independent, the others the samples.</summary>
public enum PairedTestMethod
{
    /// <summary>Paired DeLong test by patient (Obuchowski, Biometrics 53:567, 1997).</summary>
    DeLongByPatient,

    /// <summary>Paired DeLong test (DeLong, DeLong and Clarke-Pearson, Biometrics 44:837, 1988).</summary>
    DeLong,

    /// <summary>Paired bootstrap by patient.</summary>
    Bootstrap,

    /// <summary>McNemar's test by patient (Obuchowski, Statistics in Medicine 17:1495, 1998).</summary>
    McNemarByPatient,

    /// <summary>McNemar's exact test.</summary>
    McNemar,
}

/// <summary>A two-sided test of a paired difference against none.</summary>
/// <param name="Method">The test.</param>
/// <param name="P">The p-value, 0..1; null when undefined.</param>
/// <param name="Undefined">Why there is none.</param>
public sealed record PairedTest(PairedTestMethod Method, double? P, string? Undefined = null)
{
    /// <inheritdoc/>
    public override string ToString() => P is { } p
        ? string.Format(CultureInfo.InvariantCulture, p < 0.0001 ? "p < 0.0001 ({1})" : "p = {0:0.0000} ({1})", p, Method)
        : $"undefined: {Undefined}";
}

/// <summary>A statistic of two models and its difference.</summary>
/// <param name="Statistic">The statistic.</param>
/// <param name="First">Its value for the first model; null when undefined.</param>
/// <param name="Second">Its value for the second model.</param>
/// <param name="Difference">Second minus first, with intervals.</param>
/// <param name="Tests">Tests of the difference, the preferred one first.</param>
public sealed record StatisticDifference(Statistic Statistic, double? First, double? Second, Estimate Difference, ImmutableArray<PairedTest> Tests)
{
    /// <summary>The first test that is defined, the one to read; null when none is.</summary>
    public PairedTest? Preferred => Tests.FirstOrDefault(test => test.P is not null);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Difference.Value is null)
            return $"{Difference}";
        var values = string.Format(CultureInfo.InvariantCulture, "{0:0.0000}, {1:0.0000}, difference", First, Second);
        return Preferred is { } test ? $"{values} {Difference}, {test}" : $"{values} {Difference}";
    }
}
