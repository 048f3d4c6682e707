using Mammo.Data.Datasets;
using Mammo.Data.Examination;

namespace Mammo.Tests.PowerShell;

/// <summary>Test-MammoDataset through the engine: what is bound and written. What counts as a finding is tested below it.</summary>
public sealed class DatasetTestTests
{
    private const string Sets = "$train, $test = Import-MammoDataset ./train.csv, ./test.csv -Class neg, pos; ";

    [Theory]
    [InlineData("Test-MammoDataset $train, $test")]
    [InlineData("$train, $test | Test-MammoDataset -RescaleFactor 0.003891 -ImageSize 100, 70 -WorkerCount 1")]
    [InlineData("Test-MammoDataset ./train.csv, ./test.csv")]
    [InlineData("Test-MammoDataset -Dataset $train, $test -FeaturewiseMean 95 -RescaleFactor 0.003891")]
    public void Good_sets_write_nothing_and_verbose_says_so(string script)
    {
        using var session = Prepared(out _);
        Assert.Empty(session.Run(Sets + script + " -Verbose -SummaryVariable sets"));
        Assert.Empty(session.Errors.Concat<object>(session.Warnings));
        Assert.Contains("Nothing was found.", session.Verbose);
        Assert.Contains("train: 10 images of 10 patients", session.Verbose);
        var sets = session.Run("$sets").Cast<DatasetSummary>().ToArray();
        Assert.Equal(["train", "test"], sets.Select(set => set.Name));
        Assert.All(sets, set => Assert.Equal((5, 5, 10), (set.Classes["neg"], set.Classes["pos"], set.BitDepths["16"])));
    }

    [Fact]
    public void Shared_patients_and_images_are_found()
    {
        using var session = Prepared(out var folder);
        File.Copy(Path.Combine(folder, "film3.png"), Path.Combine(folder, "copy.png"));
        File.AppendAllText(Path.Combine(folder, "test.csv"), "copy.png,neg,P99\nfilm10.png,neg,P2\n");
        var findings = session.Run(Sets + "$test, $train | Test-MammoDataset").Cast<Finding>().ToArray();
        Assert.Contains(findings, finding => finding is { Id: ErrorIds.DataLeakage, Patient: "P2" });
        Assert.Contains(findings, finding => finding.Id == ErrorIds.DataLeakage && finding.Message.Contains("copy.png", StringComparison.Ordinal));
        // The same film with two classes, and twice in one set.
        Assert.Contains(findings, finding => finding.Id == ErrorIds.RowsContradict && finding.Message.Contains("film3.png", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Id == ErrorIds.ImageTwice && finding.Message.Contains("film10.png", StringComparison.Ordinal));
        Assert.Empty(session.Errors);
    }

    [Fact]
    public void Each_faulty_film_is_found_and_the_rest_goes_on()
    {
        using var session = Prepared(out var folder);
        Films.WriteFaulty(folder);
        File.WriteAllText(Path.Combine(folder, "more.csv"), "path,label,patient\nnone.png,neg,P8\nlist.csv,neg,P9\n");
        var findings = session.Run("$list, $more = Import-MammoDataset ./list.csv, ./more.csv -Class neg, pos -WarningAction SilentlyContinue; Test-MammoDataset $list, $more -SummaryVariable sets")
            .Cast<Finding>().ToArray();
        string[] Found(string id) => [.. findings.Where(finding => finding.Id == id).Select(finding => Path.GetFileName(finding.Subject ?? "")).Order(StringComparer.Ordinal)];
        Assert.Equal(["empty.png", "outside.png"], Found(ErrorIds.RoiEmpty));
        Assert.Equal(["other.png"], Found(ErrorIds.RoiMaskMismatch));
        Assert.Equal(["black.png"], Found(ErrorIds.ImageConstant));
        Assert.Equal(["none.png"], Found(ErrorIds.FileNotFound));
        Assert.Equal(["list.csv"], Found(ErrorIds.ImageUnreadable));
        Assert.Single(Found(ErrorIds.PatientMissing));
        Assert.Equal([0, 2], session.Run("$sets").Cast<DatasetSummary>().Select(set => set.Unreadable));
        Assert.Empty(session.Errors);
        // The rows that contradict each other are left out and told when the list is read.
        Assert.DoesNotContain(findings, finding => finding.Subject?.EndsWith("torn.png", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Scale_mean_and_size_come_from_the_model_unless_set()
    {
        using var session = Prepared(out _);
        const string Model = Sets + "$m = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 20 | "
            + "New-WholeImageModel -ImageSize 64, 192 -BlockType Vgg -TopDepth 4 -TopRepetition 1; ";
        var ids = Ids(session.Run(Model + "Test-MammoDataset $train -Model $m -Verbose"));
        Assert.Equal(10, ids[ErrorIds.BitDepthMismatch]);
        Assert.Equal(10, ids[ErrorIds.ImageSizeDiffers]);
        Assert.Equal(1, ids[ErrorIds.MeanFarFromData]);
        Assert.Contains(session.Verbose, line => line.Contains("rescale factor 1 from the model's card", StringComparison.Ordinal));
        Assert.Equal([ErrorIds.ImageSizeDiffers, ErrorIds.MeanFarFromData], Ids(session.Run(Model + "Test-MammoDataset $train -Model $m -RescaleFactor 0.003891")).Keys);
        Assert.Equal([ErrorIds.ImageSizeDiffers], Ids(session.Run(Model + "Test-MammoDataset $train -Model $m -RescaleFactor 0.003891 -FeaturewiseMean 95")).Keys);
    }

    [Fact]
    public void The_mean_of_equalised_images_is_compared_after_equalisation()
    {
        using var session = Prepared(out _);
        const string Test = Sets + "Test-MammoDataset $train -RescaleFactor 0.003891 -FeaturewiseMean 170 ";
        Assert.Equal([ErrorIds.MeanFarFromData], Ids(session.Run(Test)).Keys);
        Assert.Empty(session.Run(Test + "-EqualizeHistogram"));
    }

    private static SortedDictionary<string, int> Ids(IEnumerable<object> findings) =>
        new(findings.Cast<Finding>().GroupBy(finding => finding.Id).ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);

    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        foreach (var (set, first) in new[] { ("train", 0), ("test", 10) })
        {
            var list = "path,label,patient\n";
            for (var number = first; number < first + 10; number++)
            {
                Films.Write(folder, $"film{number}.png", number);
                list += $"film{number}.png,{(number % 2 == 0 ? "neg" : "pos")},P{number}\n";
            }

            File.WriteAllText(Path.Combine(folder, set + ".csv"), list);
        }

        var session = new Session();
        session.SetLocation(folder);
        return session;
    }
}
