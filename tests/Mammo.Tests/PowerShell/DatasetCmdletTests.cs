using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Rois;

namespace Mammo.Tests.PowerShell;

public sealed class DatasetCmdletTests
{
    private static readonly string Csv = Path.Combine(Shared.Repository, "examples", "data", "images.csv");

    [Fact]
    public void Folders_and_lists_become_datasets()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        foreach (var name in new[] { "neg/b.png", "neg/sub/a.png", "pos/c.PNG", "pos/notes.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), "");
        }

        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        session.SetLocation(folder);
        var set = Assert.IsType<MammoDataset>(Assert.Single(session.Run("Import-MammoDataset . -Class pos, neg, empty")));
        Assert.Equal([1, 2, 0], set.ClassCounts);
        Assert.Contains("'empty'", Assert.Single(session.Warnings, warning => warning.EndsWith($"[{ErrorIds.ClassEmpty}]", StringComparison.Ordinal)), StringComparison.Ordinal);
        session.Set("csv", Csv);
        set = Assert.IsType<MammoDataset>(Assert.Single(session.Run("Import-MammoDataset $csv -Class neg, pos")));
        Assert.Equal(("P_00202", "RIGHT", "MLO"), (set.Images[^1].Patient, set.Images[^1].Laterality, set.Images[^1].View));
        File.WriteAllText(Path.Combine(folder, "x.csv"), "file,kind\na.png,pos\n");
        set = Assert.IsType<MammoDataset>(Assert.Single(session.Run("Import-MammoDataset x.csv -Column @{ path = 'file'; label = 'kind' }")));
        Assert.Equal(["pos"], set.Classes);
        session.Fails("Import-MammoDataset . -Class neg, other", ErrorIds.ClassFolderMissing);
        session.Fails("Import-MammoDataset ./missing", ErrorIds.FileNotFound);
    }

    [Theory]
    [InlineData("-Labelling Abnormality", "-Labelling has no meaning with -Format Auto.")]
    [InlineData("-ImageFolder .", "-ImageFolder has no meaning with -Format Auto.")]
    [InlineData("-Format MiniMias -Class normal, abnormal", "-Class has no meaning with -Format MiniMias.")]
    [InlineData("-Format CbisDdsm -Column @{ path = 'file' }", "-Column has no meaning with -Format CbisDdsm.")]
    [InlineData("-Format CbisDdsm -MaskFolder .", "-MaskFolder has no meaning with -Format CbisDdsm.")]
    [InlineData("-Format RoiMask -Class neg, pos", "-Class has no meaning with -Format RoiMask.")]
    public void What_would_be_given_in_vain_is_refused(string parameters, string message)
    {
        using var session = new Session();
        session.SetLocation(Shared.NewFolder());
        Assert.Equal(message, session.Fails($"Import-MammoDataset . {parameters}", ErrorIds.DatasetInvalid).Exception.Message);
    }

    [Fact]
    public void Official_lists_without_their_images_are_read_and_a_folder_is_not_taken_for_a_list()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        File.WriteAllText(Path.Combine(folder, "mass_case_description_train_set.csv"), """
            patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass margins,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path
            P_1,2,LEFT,CC,1,mass,OVAL,CIRCUMSCRIBED,4,MALIGNANT,5,a/b/c/000000.dcm,a/b/c/000001.dcm,a/b/c/000000.dcm
            """);
        session.SetLocation(folder);
        Assert.Equal(1, Assert.IsType<MammoDataset>(Assert.Single(session.Run("Import-MammoDataset ./*.csv -Format CbisDdsm"))).Count);
        Assert.Contains(session.Warnings, warning => warning.Contains("-ImageFolder", StringComparison.Ordinal));
        Assert.Contains("it is a folder", session.Fails("Import-MammoDataset . -Format CbisDdsm", ErrorIds.DatasetInvalid).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Factor_and_mean_come_from_the_images_and_bad_ones_are_errors()
    {
        using var session = new Session();
        session.Set("csv", Csv);
        var factor = Assert.IsType<RescaleFactorEstimate>(Assert.Single(session.Run("$set = Import-MammoDataset $csv -Class neg, pos; $set | Get-RescaleFactor")));
        Assert.Equal(255.0 / 65535, factor.Factor, 1e-12);
        var mean = Assert.IsType<FeaturewiseMeanEstimate>(Assert.Single(session.Run("$set | Get-FeaturewiseMean -RescaleFactor 0.003891")));
        var small = Assert.IsType<FeaturewiseMeanEstimate>(Assert.Single(session.Run("Get-FeaturewiseMean $set -RescaleFactor 0.003891 -ImageSize 288x224 -WorkerCount 1")));
        Assert.Equal(6, mean.Count);
        Assert.Equal(mean.Mean, small.Mean, 1.0);
        session.Run("$set | Get-FeaturewiseMean -ImageSize 64, 64");
        Assert.Contains(session.Warnings, warning => warning.Contains(ErrorIds.MaximumNot255, StringComparison.Ordinal));
        var bad = Path.Combine(Shared.NewFolder(), "bad.png");
        File.WriteAllText(bad, "no picture");
        session.Set("files", new[] { bad, Path.Combine(Path.GetDirectoryName(Csv)!, "Calc-Test_P_00041_LEFT_CC.png") });
        Assert.Equal(1, Assert.IsType<RescaleFactorEstimate>(Assert.Single(session.Run("$files | Get-RescaleFactor"))).Count);
        Assert.StartsWith(ErrorIds.ImageUnreadable, Assert.Single(session.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
