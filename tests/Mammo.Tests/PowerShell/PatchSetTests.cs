using Mammo.Data.Datasets;
using Mammo.Data.Patches;
using Mammo.Data.Rois;

namespace Mammo.Tests.PowerShell;

/// <summary>New-MammoPatchSet through the engine: what is bound, written, replaced and refused. Where patches lie is tested below it.</summary>
public sealed class PatchSetTests
{
    private const string Options = "-PatchSize 32 -Abnormality 3 -Background 4 -HardNegative 2 -Seed 7";

    [Fact]
    public void Patches_of_a_list_become_class_folders()
    {
        using var session = Prepared(out var folder);
        var records = session.Run($"Import-MammoDataset ./set.csv -Class neg, pos | New-MammoPatchSet ./set {Options} -WorkerCount 2").Cast<PatchSetRecord>().ToArray();
        Assert.Equal(["P0_L_CC", "P1_L_CC", "P2_L_CC"], records.Select(record => record.Name));
        Assert.All(records, record => Assert.Equal((7, 4), (record.Count, record.Patches["background"])));
        var set = (MammoDataset)Assert.Single(session.Run("Import-MammoDataset ./set"));
        Assert.Equal(["background", "benign", "malignant"], set.Classes);
        Assert.Equal([12, 3, 6], set.ClassCounts);

        session.Run($"New-MammoPatchSet -Dataset ./set.csv -Destination ./again {Options} -WorkerCount 1");
        Assert.Equal(Films.Below(Path.Combine(folder, "set")), Films.Below(Path.Combine(folder, "again")));
        Assert.All(
            Films.Below(Path.Combine(folder, "set")),
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "set", name)), File.ReadAllBytes(Path.Combine(folder, "again", name))));
    }

    [Fact]
    public void Several_datasets_make_one_set_with_the_classes_asked_for()
    {
        using var session = Prepared(out _);
        var records = session.Run("$a = Import-MammoDataset ./set.csv -Class neg, pos; $parts = $a | Split-MammoDataset -Fold 3; "
            + "$parts | New-MammoPatchSet ./set -PatchSize 32 -Abnormality 1 -Background 1 -HardNegative 0 -Labelling Abnormality -ClassName @{ abnormal = 'lesion' }").Cast<PatchSetRecord>();
        Assert.All(records, record => Assert.Equal(["background", "lesion"], record.Patches.Keys));
        Assert.Equal(3, records.Count());
    }

    [Fact]
    public void The_original_way_is_bound()
    {
        using var session = Prepared(out _);
        var records = session.Run("New-MammoPatchSet -Dataset ./set.csv -Destination ./set -PatchSize 32 -NbAbn 2 -NbBkg 2 -NbHns 0 -PosCutoff 0.5 -NegCutoff 0.1 -TargetHeight 300 "
            + "-NoSegmentBreast -Compatibility Numpy12345").Cast<PatchSetRecord>();
        Assert.All(records, record => Assert.Equal(4, record.Count));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_a_set_is_replaced_only_when_forced()
    {
        using var session = Prepared(out var folder);
        const string Sample = $"Import-MammoDataset ./set.csv -Class neg, pos | New-MammoPatchSet ./set {Options} ";
        Assert.Empty(session.Run(Sample + "-WhatIf"));
        Assert.False(Directory.Exists(Path.Combine(folder, "set")));
        session.Run(Sample);
        var before = Films.Below(Path.Combine(folder, "set"));
        session.Fails(Sample, ErrorIds.FileExists);
        Assert.Empty(session.Run(Sample + "-Force -WhatIf"));
        Assert.Equal(before, Films.Below(Path.Combine(folder, "set")));
        session.Run("Import-MammoDataset ./set.csv | New-MammoPatchSet ./set -PatchSize 32 -Abnormality 1 -Background 1 -HardNegative 0 -Force");
        Assert.Equal((3 * 2) + 1, Films.Below(Path.Combine(folder, "set")).Length);
    }

    [Fact]
    public void Each_faulty_film_is_told_and_the_rest_goes_on()
    {
        using var session = Prepared(out var folder);
        Films.WriteFaulty(folder);
        var records = session.Run($"Import-MammoDataset ./list.csv -Class neg, pos -FindingVariable findings | New-MammoPatchSet ./set {Options}").Cast<PatchSetRecord>()
            .ToDictionary(record => Path.GetFileNameWithoutExtension(record.Path));
        Assert.Equal(["black", "empty", "good", "nobody", "other", "outside"], records.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("no pixel in the image", records["empty"].Warnings[0].Message, StringComparison.Ordinal);
        Assert.Contains("100x70", records["other"].Warnings[0].Message, StringComparison.Ordinal);
        Assert.Contains("none inside the breast", records["outside"].Warnings[0].Message, StringComparison.Ordinal);
        Assert.All(new[] { "empty", "other", "outside" }, name => Assert.Equal(0, records[name].Count));
        Assert.All(new[] { "good", "nobody" }, name => Assert.Equal(7, records[name].Count));
        // Without a patient the file's name stands in the patches' names.
        Assert.Equal("nobody", records["nobody"].Name);
        var error = Assert.Single(session.Errors);
        Assert.Equal((ErrorIds.BreastNotFound, records["black"].Path), (error.FullyQualifiedErrorId.Split(',')[0], (string)error.TargetObject));
        var finding = (Finding)Assert.Single(session.Run("$findings"));
        Assert.Equal((ErrorIds.RowsContradict, Path.Combine(folder, "torn.png")), (finding.Id, finding.Subject));

        // A table that is given by name has nobody to tell of what would be left out.
        var refused = session.Fails("New-MammoPatchSet -Dataset ./list.csv -Destination ./other", "ParameterArgumentTransformationError");
        Assert.Contains("torn.png", refused.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Background 2 -HardNegative 5")]
    [InlineData("-PositiveCutoff 1")]
    public void Options_that_contradict_each_other_are_refused(string options)
    {
        using var session = Prepared(out var folder);
        session.Fails($"New-MammoPatchSet -Dataset ./set.csv -Destination ./set {options}", ErrorIds.PatchOptionInvalid);
        Assert.False(Directory.Exists(Path.Combine(folder, "set")));
    }

    [Fact]
    public void A_column_of_regions_may_have_another_name_but_must_be_there()
    {
        using var session = Prepared(out var folder);
        File.WriteAllText(Path.Combine(folder, "own.csv"), "path,label,x,roi_y,roi_radius\nfilm0.png,pos,60,90,15\nfilm1.png,neg,,,\n");
        var set = (MammoDataset)session.Run("Import-MammoDataset ./own.csv -Class neg, pos -Column @{ roi_x = 'x' }")[0];
        Assert.Equal([1, 0], set.Images.Select(image => image.Rois.Length));
        Assert.Equal(new RoiCircle(60, 90, 15), set.Images[0].Rois[0].Shape);
        session.Fails("Import-MammoDataset ./own.csv -Class neg, pos -Column @{ roi_x = 'column' }", ErrorIds.DatasetInvalid);
    }

    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        var list = "path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology\n";
        for (var number = 0; number < 3; number++)
        {
            Films.Write(folder, $"film{number}.png", number);
            list += FormattableString.Invariant($"film{number}.png,{(number == 1 ? "neg" : "pos")},P{number},L,CC,60,90,15,mass,{(number == 1 ? "BENIGN" : "MALIGNANT")}\n");
        }

        File.WriteAllText(Path.Combine(folder, "set.csv"), list);
        var session = new Session();
        session.SetLocation(folder);
        return session;
    }
}
