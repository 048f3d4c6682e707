using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using CsCheck;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;

namespace Mammo.Tests.PowerShell;

/// <summary>Records that leave the process and come back.</summary>
public sealed class RecordTests
{
    private static readonly string[] Cultures = ["de-DE", "tr-TR", "fa-IR", "ar-SA", "en-US", ""];
    private static readonly string[] Ways = [
        "ConvertTo-Csv | ConvertFrom-Csv", "ConvertTo-Json -Depth 3 | "
            + "ConvertFrom-Json", "ConvertTo-CliXml | ConvertFrom-CliXml", "ConvertTo-Csv | ConvertFrom-Csv | Select-Object Path, TrueClass, Label, Score"];
    private static readonly (string[] Outputs, string[] Labels, bool IsKnown)[] Lists =
    [
        (["neg", "pos"], ["pos", "neg"], true),
        (["neg", "pos"], ["MALIGNANT", "BENIGN"], true),
        (["benign", "malignant"], ["cancer", "no cancer"], true),
        (["neg", "pos"], ["1", "0"], true),
        (["neg", "pos"], ["M", "N"], false),
        (["neg", "pos"], ["2", "1"], false),
        (["background", "cal", "mass"], ["pos", "neg"], false),
    ];

    /// <summary>Random classes, spellings, cultures and ways: the area that counting pairs gives, or an error; never another number.</summary>
    [Fact]
    public void MeasuredAgainTheAreaIsTheSameOrThereIsAnError()
    {
        using var session = new Session();
        var image = Gen.Select(Gen.Double[0, 1], Gen.Bool, Gen.Int[0, 3]);
        Gen.Select(Gen.Int[0, Lists.Length - 1], Gen.Int[0, Cultures.Length - 1], Gen.Int[0, Ways.Length - 1], image.Array[2, 12]).Sample(
            (list, culture, way, images) =>
            {
                var (outputs, labels, isKnown) = Lists[list];
                var match = new ClassMatch("the model", outputs);
                if (!isKnown)
                {
                    Assert.Throws<MammoException>(() => match.Of("the set", labels));
                    return;
                }

                var positions = match.Of("the set", labels).Positions;
                session.Set(
                    "records", images.Select((one, index) => Prediction(
                        index,
                        Math.Round(one.Item1, one.Item3 == 0 ? 1 : 15 - one.Item3, MidpointRounding.ToEven),
                        labels[one.Item2 ? 0 : 1],
                        outputs,
                        positions)).ToArray());
                session.Set("culture", Cultures[culture]);
                var direct = Measured(session, "$records");
                Assert.Equal(direct, Measured(session, $"$records | {Ways[way]}"));
                var scores = images.Select(
                    one => (Score: Math.Round(one.Item1, one.Item3 == 0 ? 1 : 15 - one.Item3, MidpointRounding.ToEven), IsPositive: one.Item2)).ToArray();
                var pairs = from positive in scores
                            where positive.IsPositive
                            from negative in scores
                            where !negative.IsPositive
                            select positive.Score > negative.Score ? 1 : positive.Score == negative.Score ? 0.5 : 0;
                Assert.Equal(pairs.Any() ? pairs.Average() : double.NaN, direct.Positive, 1e-12);
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    public void NumbersHaveADecimalPointAndStayNumbers(string culture)
    {
        using var session = new Session();
        session.Set("records", new[] { Prediction(0, 0.48586201667785645, "pos", ["neg", "pos"], new Dictionary<string, int?> { ["pos"] = 1 }) });
        session.Set("culture", culture);
        var said = session.Run(
            "[cultureinfo]::CurrentCulture = $culture; $s = $records[0].Score; ($records | ConvertTo-Csv)[1]; $s -is [double]; $s * 2 -gt 0.97; "
            + "[Math]::Round($s, 1); $s | ConvertTo-Json; '{0:N3}' -f $s; ($records | Where-Object Score -LT 0.5).Class; $records[0].density; ($records | "
                + "Group-Object density).Name");
        Assert.Contains("\"0.48586201667785645\"", (string)said[0], StringComparison.Ordinal);
        Assert.Equal([true, true, 0.5, "0.48586201667785645", 0.48586201667785645.ToString("N3", new CultureInfo(culture)), "pos", "3", "3"], said.Skip(1));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void NoTextOfAMeasurementHasADecimalComma(string culture)
    {
        using var session = new Session();
        var positions = new Dictionary<string, int?> { ["neg"] = 0, ["pos"] = 1 };
        session.Set("records", Enumerable.Range(0, 12).Select(
            i => Prediction(i, ((i * 7 % 12) + 0.5) / 13, i % 3 == 0 ? "pos" : "neg", ["neg", "pos"], positions)).ToArray());
        session.Set("culture", culture);
        var said = session.Run(
            "[cultureinfo]::CurrentCulture = $culture; $m = $records | Measure-MammoPrediction; $m, (Compare-MammoPrediction $records $records) | "
            + "ForEach-Object { $_ | ConvertTo-Csv; \"$_\" }; \"$($m.Evaluation)\"; \"$($records[0])\"");
        Assert.All(said, text => Assert.DoesNotMatch(@"\d[,\u066B]\d", (string)text));
        Assert.Contains(said, text => ((string)text).Contains("AUC 0.", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryRecordThatIsWrittenHasItsAdapter()
    {
        var written = Session.Cmdlets().SelectMany(cmdlet => cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(attribute => attribute.Type)
            .Select(name => name.Type).OfType<Type>();
        var seen = new HashSet<Type>();
        foreach (var type in written)
            Visit(type);
        var numeric = seen.Where(
            type => type.GetProperties(
                BindingFlags.Instance | BindingFlags.Public).Any(property => (Nullable.GetUnderlyingType(property.PropertyType)
                    ?? property.PropertyType) is var number && (number == typeof(double) || number == typeof(float))));
        Assert.Empty(numeric.Except(RecordTypes.All));

        void Visit(Type type)
        {
            var item = type.IsArray ? type.GetElementType()! : type.IsGenericType ? type.GetGenericArguments()[^1] : type;
            if (item.Namespace?.StartsWith("Mammo", StringComparison.Ordinal) != true || item.IsEnum || !seen.Add(item))
                return;
            foreach (var property in item.GetProperties(BindingFlags.Instance | BindingFlags.Public))
                Visit(property.PropertyType);
        }
    }

    [Theory]
    [InlineData(
        "[pscustomobject] @{ truth = 'malignant'; p = '0,75' }, [pscustomobject] @{ truth = 'normal'; p = '0.5' } | Measure-MammoPrediction -Column @{ "
        + "class = 'truth'; score = 'p' }", 1.0)]
    [InlineData(
        "[pscustomobject] @{ label = 'B'; score = 0.75 }, [pscustomobject] @{ label = 'M'; score = 0.5 } | Measure-MammoPrediction -ClassMap @{ B = 'neg'; "
        + "M = 'pos' }", 0.0)]
    [InlineData("@{ label = 1; score = 1e-30 }, @{ label = 0; score = 1e-31 } | Measure-MammoPrediction", 1.0)]
    [InlineData(
        "@{ class = 'neg'; label = 0; score = '0,3'; probability = 'neg=0,7222;pos=0,2778' }, @{ class = 'pos'; label = 1; score = '0,78'; probability = "
        + "'neg=0,2222;pos=0,7778' } | Measure-MammoPrediction", 1.0)]
    public void RowsOfOtherProgramsAreMeasured(string script, double area)
    {
        using var session = new Session();
        Assert.Equal(area, Assert.IsType<MammoMeasurement>(Assert.Single(session.Run(script))).Auc);
    }

    [Theory]
    [InlineData("0.7", ErrorIds.PredictionInvalid)]
    [InlineData("[pscustomobject] @{ label = 1 }", ErrorIds.PredictionInvalid)]
    [InlineData("[pscustomobject] @{ label = 1; score = 'high' }", ErrorIds.PredictionInvalid)]
    [InlineData("[pscustomobject] @{ label = 'B'; score = 0.7 }", ErrorIds.ModelClassMismatch)]
    [InlineData("[pscustomobject] @{ label = 1; score = 70 }", ErrorIds.ScoreInvalid)]
    [InlineData("[pscustomobject] @{ class = 'neg'; label = 0; score = 0.7; probability = 'neg=0.7;pos=0.7' }", ErrorIds.ScoreInvalid)]
    [InlineData("[pscustomobject] @{ class = 'neg'; label = 1; score = 0.7; probability = 'neg=0.3;pos=0.7' }", ErrorIds.PredictionInvalid)]
    [InlineData("[pscustomobject] @{ class = 'neg'; label = 0; score = 0.99; probability = 'neg=0.3;pos=0.7' }", ErrorIds.PredictionInvalid)]
    [InlineData("[pscustomobject] @{ class = 'neg'; label = 0; score = '0.71'; probability = 'neg=0.3;pos=0.7' }", ErrorIds.PredictionInvalid)]
    [InlineData(
        "@{ path = 'a.png'; class = 'neg'; score = 0.3 }, @{ path = 'a.png'; class = 'pos'; score = 0.3 }", ErrorIds.RowsContradict)]
    public void WhatCannotBeMeasuredIsRefused(string record, string errorId)
    {
        using var session = new Session();
        session.Fails($"{record} | Measure-MammoPrediction -WarningAction SilentlyContinue", errorId);
    }

    [Fact]
    public void AnImageWithSeveralRecordsIsReported()
    {
        using var session = new Session();
        var positions = new Dictionary<string, int?> { ["neg"] = 0, ["pos"] = 1 };
        session.Set("records", Enumerable.Range(0, 4).Select(i => Prediction(i, i / 4.0, i > 1 ? "pos" : "neg", ["neg", "pos"], positions)).ToArray());
        session.Run("$records | Measure-MammoPrediction");
        Assert.DoesNotContain(session.Warnings, warning => warning.Contains(ErrorIds.ImageTwice, StringComparison.Ordinal));
        session.Run("$records + @($records | ConvertTo-Csv | ConvertFrom-Csv) | Measure-MammoPrediction");
        var reported = Assert.Single(session.Warnings, warning => warning.Contains(ErrorIds.ImageTwice, StringComparison.Ordinal));
        Assert.Contains("4 images", reported, StringComparison.Ordinal);
    }

    private static (double Auc, double Positive, string? Interval) Measured(Session session, string records)
    {
        var measurement = Assert.IsType<MammoMeasurement>(
            Assert.Single(session.Run($"[cultureinfo]::CurrentCulture = $culture; {records} | Measure-MammoPrediction -WarningAction SilentlyContinue")));
        return (measurement.Auc, measurement.ClassAuc.Values.Last(), measurement.AucInterval?.ToString());
    }

    private static MammoPrediction Prediction(int index, double score, string label, string[] outputs, IReadOnlyDictionary<string, int?> positions) => new()
    {
        Path = $"/films/{index}.png",
        TrueClass = outputs[positions[label]!.Value],
        Label = positions[label],
        Score = score,
        Probability = NamedTable.Of<double>(outputs, [1 - score, score]),
        ModelScore = NamedTable.Of<double>(["model"], [score]),
        Engine = "none",
        Extra = MammoPredictionExtra,
    };

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> MammoPredictionExtra { get; } =
        System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("density", "3");
}
