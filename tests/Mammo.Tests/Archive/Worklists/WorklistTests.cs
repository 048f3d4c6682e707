using System.Text;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;

namespace Mammo.Tests.Archive.Worklists;

public sealed class WorklistTests
{
    [Fact]
    public void Images_are_known_by_their_UID_else_by_their_content_and_damaged_ones_are_listed()
    {
        var folder = Shared.NewFolder();
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        File.Copy(Shared.Data("dicom", "explicit-le.dcm"), Path.Combine(images, "b"));
        var cut = File.ReadAllBytes(Shared.Data("dicom", "rle.dcm"));
        File.WriteAllBytes(Path.Combine(images, "cut.dcm"), cut[..200]);
        ArchiveFolder.WriteImage(Path.Combine(images, "a", "1.pgm"), 1);
        ArchiveFolder.WriteImage(Path.Combine(images, ".hidden", "1.pgm"), 2);
        File.WriteAllText(Path.Combine(images, "empty.png"), "");
        File.WriteAllText(Path.Combine(images, "notes.txt"), "notes");
        File.WriteAllText(Path.Combine(images, "broken.png"), "no picture");
        var list = List(images, Path.Combine(folder, "list.jsonl"), WorklistFormat.Any, 3);
        var items = Items(list.Path);
        Assert.Equal(["a/1.pgm", "b", "broken.png", "cut.dcm", "empty.png"], items.Select(item => item.Image.Path));
        Assert.Equal((5, 1, 3, 1, 1), (list.Files, list.ByUid, list.ByContent, list.Unreadable, list.PassedOver));
        Assert.Matches(@"^[\d.]+$", items[1].Identity);
        Assert.NotEmpty(items[1].Image.Extra);
        Assert.Equal("sha256:" + ContentHash.Sha256(Path.Combine(images, "a", "1.pgm")), items[0].Identity);
        Assert.Equal(("path:empty.png", 0), (items[4].Identity, items[4].Bytes));
        Assert.Equal(images, WorklistHeader.Of(list.Path).Root);

        Assert.Equal(["b", "cut.dcm"], Items(List(images, list.Path, WorklistFormat.Dicom, 1).Path).Select(item => item.Image.Path));
    }

    [Fact]
    public void A_list_that_was_broken_off_anywhere_goes_on_to_the_same()
    {
        var archive = new ArchiveFolder(30);
        ArchiveFolder.WriteImage(Path.Combine(archive.Images, "0-", "z.pgm"), 1000);
        ArchiveFolder.WriteImage(Path.Combine(archive.Images, "0.pgm"), 1001);
        archive.List();
        var whole = File.ReadAllBytes(archive.Worklist);
        var part = archive.Worklist + ".part";
        for (var length = 0; length <= whole.Length; length += 97)
        {
            File.WriteAllBytes(part, whole[..length]);
            var list = List(archive.Images, archive.Worklist, WorklistFormat.Any, 2);
            Assert.Equal((32, 32), (list.Files, list.ByContent));
            Assert.Equal(whole, File.ReadAllBytes(archive.Worklist));
            Assert.False(File.Exists(part));
        }

        // That of another archive is not gone on with.
        File.WriteAllText(part, Encoding.UTF8.GetString(whole).Replace(archive.Images, "/elsewhere", StringComparison.Ordinal));
        archive.List();
        Assert.Equal(whole, File.ReadAllBytes(archive.Worklist));
    }

    [Fact]
    public void A_dataset_keeps_what_it_says_of_its_images()
    {
        var archive = new ArchiveFolder(2);
        MammoImage[] images = [
            new(Path.Combine(archive.Images, "0", "1.pgm"))
                { Class = "pos", Patient = "P \"1\"", View = "CC", SampleWeight = 0.1, Extra = MammoImage.NoExtra.Add("site", "Wien") },
            new(Path.Combine(archive.Images, "0", "gone.pgm")),
        ];
        var list = WorklistWriter.Write(images, archive.Images, archive.Worklist, 2, cancellation: TestContext.Current.CancellationToken);
        var items = Items(list.Path);
        Assert.Equal(images[0] with { Path = "0/1.pgm", Extra = MammoImage.NoExtra }, items[0].Image with { Extra = MammoImage.NoExtra });
        Assert.Equal(["pos"], WorklistHeader.Of(list.Path).Classes);
        Assert.Equal("Wien", items[0].Image.Extra["SITE"]);
        Assert.Equal(("path:0/gone.pgm", 1), (items[1].Identity, list.Unreadable));
        var error = Assert.Throws<MammoException>(() =>
            WorklistWriter.Write(images, Path.Combine(archive.Images, "1"), archive.Worklist, 1, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.WorklistInvalid, error.ErrorId);
    }

    [Fact]
    public void A_damaged_or_cut_list_is_an_error_and_lists_of_one_root_can_be_joined()
    {
        var archive = new ArchiveFolder(3);
        var whole = File.ReadAllBytes(archive.Worklist);
        File.WriteAllBytes(archive.Worklist, [.. whole, .. whole]);
        Assert.Equal(6, Items(archive.Worklist).Length);
        foreach (var bad in new byte[][] { whole[..^1], whole[..^40], [.. whole[..^5], .. "xxxx\n"u8], [.. whole, .. "{}\n"u8] })
        {
            File.WriteAllBytes(archive.Worklist, bad);
            Assert.Equal(ErrorIds.WorklistInvalid, Assert.Throws<MammoException>(() => archive.Do("0/1")).ErrorId);
            Assert.Equal(ErrorIds.WorklistInvalid, Assert.Throws<MammoException>(() => archive.Merge()).ErrorId);
        }

        var error = Assert.Throws<MammoException>(() => List(Shared.NewFolder("none"), archive.Worklist, WorklistFormat.Any, 1));
        Assert.Equal(ErrorIds.WorklistInvalid, error.ErrorId);
    }

    [Fact]
    public void One_UID_that_several_images_were_given_is_noticed()
    {
        var folder = Shared.NewFolder();
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        foreach (var name in Directory.GetFiles(Shared.Data("dicom", "lut"), "*.dcm").Take(3))
            File.Copy(name, Path.Combine(images, Path.GetFileName(name)));
        File.Copy(Directory.GetFiles(images).Order(StringComparer.Ordinal).First(), Path.Combine(images, "z.dcm"));
        var list = List(images, Path.Combine(folder, "list.jsonl"), WorklistFormat.Dicom, 2);
        Assert.Equal((4, 3, 2, 2), (list.Files, list.Copies, list.DifferentCopies, list.DifferentExamples.Length));
    }

    /// <summary>Names of old systems are in Latin-1. .NET cannot open them, and takes them for hidden ones.</summary>
    [Fact]
    public void Files_with_names_that_are_not_in_UTF_8_are_listed_each()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names of files are text here.");
        var archive = new ArchiveFolder(2);
        var names = @"a$'\xe4'.pgm a$'\xf6'.pgm M$'\xfc'ller";
        ChildProcess.Run("bash", ["-c", $@"cd ""$0"" && for name in {names}; do cp 0/0.pgm ""$name""; done", archive.Images]);
        try
        {
            Assert.Equal(4, Directory.GetFileSystemEntries(archive.Images).Length);
            archive.List();
            var items = Items(archive.Worklist);
            Assert.Equal(
                ["0/0.pgm", "0/1.pgm", "M\uFFFDller", "a\uFFFD.pgm", "a\uFFFD.pgm (2)"],
                items.Select(item => item.Image.Path).Order(StringComparer.Ordinal));
            Assert.Equal(5, items.Select(item => item.Identity).Distinct().Count());
        }
        finally
        {
            // .NET cannot remove them.
            ChildProcess.Run("bash", ["-c", $@"cd ""$0"" && rm -f {names}", archive.Images]);
        }
    }

    private static MammoWorklist List(string root, string path, WorklistFormat format, int workers) =>
        WorklistWriter.Write(root, path, format, workers, cancellation: TestContext.Current.CancellationToken);

    private static WorkItem[] Items(string path)
    {
        using var list = new WorklistReader(path);
        var items = new List<WorkItem>();
        while (list.Read())
        {
            Assert.Equal(list.Item().Identity, Encoding.UTF8.GetString(list.Identity));
            items.Add(list.Item());
        }

        return [.. items];
    }
}
