using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>How an interval was computed. "By patient" counts the patients as independent, the others the images.</summary>
public enum IntervalMethod
{
    /// <summary>DeLong's variance by patient (Obuchowski, Biometrics 53:567, 1997), on the logit scale.</summary>
    DeLongByPatientLogit,

    /// <summary>DeLong's variance by patient, symmetric about the value.</summary>
    DeLongByPatient,

    /// <summary>DeLong's variance by image (DeLong, DeLong and Clarke-Pearson, Biometrics 44:837, 1988), symmetric about the value.</summary>
    DeLong,

    /// <summary>Bootstrap by patient, bias-corrected and accelerated (Efron, JASA 82:171, 1987).</summary>
    BootstrapBca,

    /// <summary>Bootstrap by patient, percentiles.</summary>
    BootstrapPercentile,

    /// <summary>Wilson's score interval of a share, by image.</summary>
    Wilson,

    /// <summary>The exact interval of Clopper and Pearson, by image.</summary>
    ClopperPearson,

    /// <summary>Symmetric about the log-odds (Mercaldo, Lau and Zhou, Statistics in Medicine 26:2170, 2007), by image.</summary>
    Logit,

    /// <summary>Symmetric about the value, from a standard error.</summary>
    Normal,
}

/// <summary>A 95% interval, or the reason why there is none.</summary>
public sealed record Interval
{
    /// <summary>Makes an interval.</summary>
    public Interval(IntervalMethod method, double lower, double upper) => (Method, Lower, Upper) = (method, lower, upper);

    private Interval(IntervalMethod method, string undefined) => (Method, Undefined) = (method, undefined);

    /// <summary>How it was computed.</summary>
    public IntervalMethod Method { get; }

    /// <summary>Lower end; null when undefined.</summary>
    public double? Lower { get; }

    /// <summary>Upper end; null when undefined.</summary>
    public double? Upper { get; }

    /// <summary>Why there is no interval; null when there is one.</summary>
    public string? Undefined { get; }

    /// <summary>No interval, and why.</summary>
    public static Interval None(IntervalMethod method, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Interval(method, reason);
    }

    /// <inheritdoc/>
    public override string ToString() => Undefined is null
        ? string.Format(CultureInfo.InvariantCulture, Lower < 0 ? "{0:0.000} to {1:0.000}" : "{0:0.000}-{1:0.000}", Lower, Upper)
        : $"undefined: {Undefined}";
}
