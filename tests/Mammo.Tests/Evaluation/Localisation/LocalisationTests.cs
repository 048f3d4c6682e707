using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;
using Mammo.PowerShell.Common;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Localisation;

public sealed class LocalisationTests
{
    /// <summary>
    /// Two films with lesions and two without. A: two lesions, hit at 0.9 and missed, false mark 0.7. B: one lesion, hit at 0.6 and again at 0.4, false
    /// mark 0.8. C: false marks 0.5 and 0.3. D: no marks.
    /// </summary>
    private static LocalisedSet Films() => LocalisedSet.Of(
    [
        new("A", "P1", 2, [new(0.9, 0), new(0.7, null)]),
        new("B", "P2", 1, [new(0.4, 0), new(0.8, null), new(0.6, 0)]),
        new("C", "P3", 0, [new(0.5, null), new(0.3, null)]),
        new("D", "P4", 0, []),
    ]);

    [Fact]
    public void The_FROC_curve_equals_one_computed_by_hand()
    {
        var curve = FrocCurve.Of(Films())!;
        Assert.Equal([double.PositiveInfinity, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3], curve.Thresholds);
        Equal([0, 0, 0.25, 0.5, 0.5, 0.75, 1], curve.FalsePositivesPerImage);
        Equal([0, 1 / 3.0, 1 / 3.0, 1 / 3.0, 2 / 3.0, 2 / 3.0, 2 / 3.0], curve.Sensitivity);
    }

    [Fact]
    public void Figures_of_merit_equal_those_computed_by_hand()
    {
        var result = Measure(Films());
        // Lesions 0.9, 0.6 and one without a mark against the normal films' 0.5 and none: (2 + 2 + 0 + 1/2) of 6.
        Assert.Equal(4.5 / 6, result[LocalisationStatistic.Jafroc].Value!.Value, 1e-12);
        // A's lesions weigh one half each: (1/2 · 2 + 1 · 2 + 1/2 · 1/2) of 4.
        Assert.Equal(3.25 / 4, result[LocalisationStatistic.WeightedJafroc].Value!.Value, 1e-12);
        // Against all films' 0.7, 0.8, 0.5 and none: (4 + 2 + 1/2) of 12.
        Assert.Equal(6.5 / 12, result[LocalisationStatistic.JafrocAllImages].Value!.Value, 1e-12);
        Assert.Equal(2 / 3.0, result[LocalisationStatistic.SensitivityAtHalf].Value);
        Assert.Equal(2 / 3.0, result[LocalisationStatistic.SensitivityAtTwo].Value);
        // A's highest mark is on a lesion, B's is not.
        Assert.Equal(0.5, result[LocalisationStatistic.PointingGame].Value);
        Assert.Equal((4, 2, 3, 4), (result.Images, result.NormalImages, result.Lesions, result.Patients));
    }

    [Fact]
    public void A_false_mark_that_is_as_high_spoils_the_pointing_game_and_no_mark_is_no_hit()
    {
        var result = Measure(LocalisedSet.Of([new("A", null, 1, [new(0.5, 0), new(0.5, null)]), new("B", null, 1, []), new("C", null, 1, [new(-3, 0)])]));
        Assert.Equal(1 / 3.0, result[LocalisationStatistic.PointingGame].Value!.Value, 1e-12);
        Assert.Null(result.Patients);
    }

    [Fact]
    public void Sensitivity_stays_below_the_rate_of_false_marks()
    {
        // Ten films, each with a false mark at 0.8 and a lesion found at 0.7 only: nothing is found with half a false mark an image.
        var result = Measure(LocalisedSet.Of([.. Enumerable.Range(0, 10).Select(i => new LocalisedImage($"{i}", null, 1, [new(0.8, null), new(0.7, 0)]))]));
        Assert.Equal((0, 1), (result[LocalisationStatistic.SensitivityAtHalf].Value, result[LocalisationStatistic.SensitivityAtOne].Value));
    }

    [Fact]
    public void Intervals_are_by_patient()
    {
        var random = new Random(4);
        LocalisedImage[] images = [.. Enumerable.Range(0, 150).Select(i =>
        {
            Mark[] hit = i % 2 == 1 && random.NextDouble() < 0.8 ? [new(random.NextDouble() + 0.3, 0)] : [];
            return new LocalisedImage($"{i}", $"P{i / 3}", i % 2, [new(random.NextDouble(), null), .. hit]);
        })];
        var options = new EvaluationOptions { Bootstrap = 500, Seed = 9 };
        var result = Measure(LocalisedSet.Of(images), options);
        Assert.All(result.Statistics.Values, estimate =>
        {
            var interval = estimate.IntervalBy(IntervalMethod.BootstrapPercentile)!;
            Assert.True(interval.Lower < estimate.Value && estimate.Value < interval.Upper);
        });
        // DeLong's variance by patient and the bootstrap estimate the same thing.
        var jafroc = result[LocalisationStatistic.Jafroc];
        var (deLong, bootstrap) = (jafroc.IntervalBy(IntervalMethod.DeLongByPatient)!, jafroc.IntervalBy(IntervalMethod.BootstrapPercentile)!);
        Assert.Equal(deLong.Lower!.Value, bootstrap.Lower!.Value, 0.03);
        Assert.Equal(101, result.FrocBand!.Lower.Length);
        Assert.Equal(50, result.Patients);

        // Every film twice, under its patient: the same values and as wide intervals, for nothing was learnt.
        var twice = Measure(LocalisedSet.Of([.. images, .. images]), options)[LocalisationStatistic.Jafroc];
        Assert.Equal(jafroc.Value!.Value, twice.Value!.Value, 1e-12);
        Assert.Equal(jafroc.IntervalBy(IntervalMethod.BootstrapBca)!.Lower!.Value, twice.IntervalBy(IntervalMethod.BootstrapBca)!.Lower!.Value, 1e-9);
    }

    [Fact]
    public void What_is_missing_is_undefined()
    {
        var normal = Measure(LocalisedSet.Of([new("A", null, 0, [new(0.5, null)])]), new EvaluationOptions { Bootstrap = 100 });
        Assert.All(normal.Statistics.Values, estimate => Assert.Contains("no lesions", estimate.Undefined, StringComparison.Ordinal));
        Assert.Null(normal.Froc);
        var diseased = Measure(LocalisedSet.Of([new("A", null, 1, [new(0.5, 0)])]));
        Assert.Contains("without lesions", diseased[LocalisationStatistic.Jafroc].Undefined, StringComparison.Ordinal);
        Assert.Equal(1, diseased[LocalisationStatistic.SensitivityAtHalf].Value);
        Assert.All(Measure(LocalisedSet.Of([])).Statistics.Values, estimate => Assert.NotNull(estimate.Undefined));
    }

    [Fact]
    public void Bad_marks_are_errors()
    {
        Assert.Equal(ErrorIds.ScoreInvalid, Assert.Throws<MammoException>(() => LocalisedSet.Of([new("A", null, 1, [new(double.NaN, 0)])])).ErrorId);
        Assert.Equal(ErrorIds.PatientMissing, Assert.Throws<MammoException>(() => LocalisedSet.Of([new("A", null, 0, []), new("B", "P1", 0, [])])).ErrorId);
        Assert.Throws<ArgumentException>(() => LocalisedSet.Of([new("A", null, 1, [new(0.5, 1)])]));
    }

    private static LocalisationResult Measure(LocalisedSet set, EvaluationOptions? options = null) =>
        LocalisationResult.Of(set, options, TestContext.Current.CancellationToken);
}
