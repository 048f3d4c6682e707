using System.Globalization;
using System.Management.Automation;
using System.Text;
using CsCheck;
using Mammo.Evaluation.Measurement;
using Mammo.Tests.Networks.Files.Keras;

namespace Mammo.Tests.PowerShell;

/// <summary>From a Keras file with any kind of last layer to a measurement.</summary>
public sealed class HeadTests
{
    private static readonly string[] Cultures = ["de-DE", "tr-TR", "fa-IR", "ar-SA", ""];

    private static readonly string[] Ways =
    [
        "ConvertTo-Csv | ConvertFrom-Csv", "ConvertTo-Json -Depth 3 | ConvertFrom-Json", "ConvertTo-CliXml | ConvertFrom-CliXml",
        "Select-Object TrueClass, Score",
    ];

    /// <summary>What the network ends in, with what the user says of it, and what comes of it: an area, or an error with that id.</summary>
    private static readonly Head[] Heads =
    [
        new(2, "softmax", null, null),
        new(1, "sigmoid", null, null),
        new(2, "linear", "Softmax", null),
        new(1, "linear", "Sigmoid", null),
        new(3, "softmax", null, null),
        new(3, "linear", "Softmax", null),
        new(2, "linear", null, ErrorIds.OutputActivationUnknown),
        new(2, "relu", null, ErrorIds.OutputActivationUnknown),
        new(2, "sigmoid", null, ErrorIds.OutputActivationUnknown),
        new(2, "linear", "None", ErrorIds.ScoreInvalid),
        new(2, "sigmoid", "None", ErrorIds.ScoreInvalid),
        new(2, "linear", "Sigmoid", ErrorIds.ModelOptionConflict),
        new(1, "linear", "Softmax", ErrorIds.ModelOptionConflict),
        new(2, "softmax", "Softmax", ErrorIds.ModelOptionConflict),
        new(1, "sigmoid", "Sigmoid", ErrorIds.ModelOptionConflict),
        new(2, "relu", "Softmax", ErrorIds.ModelOptionConflict),
    ];

    private static readonly (string[] Outputs, string[] Labels, bool IsKnown)[] Lists =
    [
        (["neg", "pos"], ["neg", "pos"], true),
        (["neg", "pos"], ["BENIGN", "Malignant"], true),
        (["benign", "malignant"], ["no cancer", "cancer"], true),
        (["neg", "pos"], ["0", "1"], true),
        (["neg", "pos"], ["N", "M"], false),
        (["neg", "pos"], ["1", "2"], false),
    ];

    private static readonly (string[] Outputs, string[] Labels, bool IsKnown)[] ListsOfThree =
    [
        (["background", "cal", "mass"], ["Cal", "MASS"], true),
        (["background", "cal", "mass"], ["neg", "pos"], false),
    ];

    [Fact]
    public void TheAreaIsThatOfCountedPairsOrThereIsAnError()
    {
        using var session = new Session();
        var film = Gen.Select(Gen.Int[0, 255], Gen.Bool);
        var leaving = Gen.Select(Gen.Int[0, Cultures.Length - 1], Gen.Int[0, Ways.Length - 1]);
        Gen.Select(Gen.Int[0, Heads.Length - 1], Gen.Int[0, 11], leaving, Gen.Double[-0.02, 0.02], film.Array[3, 8]).Sample(
            (head, list, leaving, slope, films) => Check(
                session, Heads[head], list, Cultures[leaving.Item1], Ways[leaving.Item2], (slope < 0 ? -1 : 1) * (0.004 + Math.Abs(slope)), films),
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void TheUserIsAskedOnImportAndTheAnswerStaysInTheFile()
    {
        using var session = new Session();
        session.Set("file", Network(new Head(2, "linear", null, null), 0.01));
        session.Set("folder", Shared.NewFolder());
        session.Run("$m = Import-MammoModel $file -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 0");
        var warning = Assert.Single(session.Warnings);
        Assert.Contains(ErrorIds.OutputActivationUnknown, warning, StringComparison.Ordinal);
        Assert.Contains("-OutputActivation", warning, StringComparison.Ordinal);
        session.Run("Import-MammoModel $file -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 0 -OutputActivation Softmax | Export-MammoModel $folder/"
            + "m.safetensors");
        Assert.Empty(session.Warnings);
        Assert.True((bool)Assert.Single(session.Run("(Import-MammoModel $folder/m.safetensors).Card.Lineage[-1] -like '*softmax*'")));
        session.Run("Import-MammoModel $file -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 0 -OutputActivation None | Export-MammoModel $folder/"
            + "n.safetensors");
        Assert.True((bool)Assert.Single(session.Run("(Import-MammoModel $folder/n.safetensors).Card.OutputsAreProbabilities")));
        Assert.Empty(session.Warnings);
    }

    private static void Check(Session session, Head head, int listNumber, string culture, string way, double slope, (int Grey, bool IsPositive)[] films)
    {
        var (outputs, labels, isKnown) = head.Units == 3 ? ListsOfThree[listNumber % ListsOfThree.Length] : Lists[listNumber % Lists.Length];

        // A list of nothing but ones is one of 0 and 1: all are positive, and nobody can tell that 2 is missing.
        if (labels[0] == "1" && films.All(one => !one.IsPositive))
            return;
        var folder = Shared.NewFolder();
        var rows = new StringBuilder("path,label\n");
        for (var index = 0; index < films.Length; index++)
        {
            var path = Path.Combine(folder, FormattableString.Invariant($"{index}.pgm"));
            File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("P5\n4 4\n255\n"), .. Enumerable.Repeat((byte)films[index].Grey, 16)]);
            rows.Append(CultureInfo.InvariantCulture, $"{path},{labels[films[index].IsPositive ? 1 : 0]}\n");
        }

        File.WriteAllText(Path.Combine(folder, "list.csv"), rows.ToString());
        session.Set("folder", folder);
        session.Set("file", Network(head, slope));
        session.Set("culture", culture);
        session.Set("outputs", outputs);
        var answer = head.Answer is null ? "" : $"-OutputActivation {head.Answer}";
        var script = $"""
            $ErrorActionPreference = 'Stop'; $WarningPreference = 'SilentlyContinue'; [cultureinfo]::CurrentCulture = $culture
            Import-MammoModel $file -Class $outputs -RescaleFactor 1 -FeaturewiseMean 0 {answer} | Export-MammoModel $folder/m.safetensors
            Import-MammoDataset $folder/list.csv | Invoke-MammoPredict (Import-MammoModel $folder/m.safetensors) -Engine Onnx | {way} | Measure-MammoPrediction
            """;
        if (head.ErrorId is not null || !isKnown)
        {
            var failure = Assert.ThrowsAny<RuntimeException>(() => session.Run(script));
            var id = failure.ErrorRecord.FullyQualifiedErrorId.Split(',')[0];
            Assert.True(id == head.ErrorId || (!isKnown && id == ErrorIds.ModelClassMismatch),
                $"{head}: {failure.ErrorRecord.FullyQualifiedErrorId} {failure.Message}");
            return;
        }

        // The probability of the last class rises or falls with the grey level, whatever the head.
        var scores = films.Select(one => (Score: slope > 0 ? one.Grey : -one.Grey, one.IsPositive)).ToArray();
        var pairs = from positive in scores
                    where positive.IsPositive
                    from negative in scores
                    where !negative.IsPositive
                    select positive.Score > negative.Score ? 1 : positive.Score == negative.Score ? 0.5 : 0;
        object[] written;
        try
        {
            written = [.. session.Run(script)];
        }
        catch (RuntimeException failure) when (head.Units == 3 && way.StartsWith("Select", StringComparison.Ordinal))
        {
            // Of three classes a score alone does not say which one it is of.
            Assert.StartsWith(ErrorIds.ModelClassMismatch, failure.ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
            return;
        }

        var measurement = Assert.IsType<MammoMeasurement>(Assert.Single(written));
        Assert.Equal(pairs.Any() ? pairs.Average() : double.NaN, measurement.ClassAuc.Values.Last(), 1e-12);
    }

    // The mean grey level times a slope for the last output, and nothing for the others.
    private static string Network(Head head, double slope)
    {
        var kernel = new float[1, head.Units];
        kernel[0, head.Units - 1] = (float)slope;
        return new KerasBuilt().Input(4, 4, 1).Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "head", new { units = head.Units, activation = head.Activation, use_bias = true },
                ("head/kernel:0", kernel), ("head/bias:0", new float[head.Units])).Write();
    }

    private sealed record Head(int Units, string Activation, string? Answer, string? ErrorId);
}
