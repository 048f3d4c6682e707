using System.Security.Cryptography;
using System.Text;
using Mammo.Torch.Training.Checkpoints;

namespace Mammo.Tests.Torch.Training.Checkpoints;

/// <summary>Which files of a folder are checkpoints, which are kept, and what a right hash proves.</summary>
public sealed class CheckpointFolderTests
{
    private readonly string _path = Shared.NewFolder();

    [Fact]
    public void Copies_under_other_names_are_neither_read_nor_removed()
    {
        var folder = new CheckpointFolder(_path);
        folder.Save(3, "three", []);
        string[] copies = ["epoch-best.checkpoint", "epoch-00003-keep.checkpoint",
            "epoch-99999.checkpoint.bak", "epoch-9.checkpoint", "EPOCH-00009.checkpoint"];
        foreach (var copy in copies)
            File.Copy(Path.Combine(_path, "epoch-00003.checkpoint"), Path.Combine(_path, copy));
        foreach (var epoch in new[] { 4, 5, 100_000 })
            folder.Save(epoch, $"{epoch}", []);
        Assert.Equal(copies.Append("epoch-00005.checkpoint").Append("epoch-100000.checkpoint").Order(StringComparer.Ordinal), Names());
        Assert.Equal("100000", new CheckpointFolder(_path).LoadNewest((text, _) => text, (_, _) => { }));
    }

    [Fact]
    public void Damaged_ones_do_not_count_as_kept()
    {
        var folder = new CheckpointFolder(_path);
        folder.Save(1, "one", []);
        folder.Save(2, "two", []);
        File.WriteAllText(Path.Combine(_path, "epoch-00009.checkpoint"), "damaged");
        var resumed = new CheckpointFolder(_path);
        Assert.Equal("two", resumed.LoadNewest((text, _) => text, (_, _) => { }));
        resumed.Save(3, "three", []);
        Assert.Equal(["epoch-00002.checkpoint", "epoch-00003.checkpoint", "epoch-00009.checkpoint"], Names());
    }

    [Theory]
    [InlineData(8, -1L)]
    [InlineData(8, 1L << 40)]
    [InlineData(8, 2_000_000_000L)]
    [InlineData(8, 5L)]
    public void A_form_that_is_not_ours_under_a_right_hash_gives_way_to_the_one_before(int field, long value)
    {
        var bytes = Newest();
        BitConverter.TryWriteBytes(bytes.AsSpan(field), value);
        AssertGivesWay(bytes);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"Text\":\"x\",\"Blocks\":[{\"Name\":\"a\",\"Length\":-4}]}")]
    [InlineData("{\"Text\":\"x\",\"Blocks\":[{\"Name\":\"a\",\"Length\":2000000000}]}")]
    [InlineData("{\"Text\":\"x\",\"Blocks\":[null]}")]
    [InlineData("{\"Text\":\"x\",\"Blocks\":[{\"Name\":\"a\",\"Length\":2},{\"Name\":\"a\",\"Length\":2}]}")]
    public void A_table_that_is_not_ours_under_a_right_hash_gives_way_to_the_one_before(string table)
    {
        var json = Encoding.UTF8.GetBytes(table);
        AssertGivesWay([.. Newest()[..8], .. BitConverter.GetBytes((long)json.Length), .. json, 1, 2, 3, 4, .. new byte[32]]);
    }

    private byte[] Newest()
    {
        var folder = new CheckpointFolder(_path);
        folder.Save(1, "one", []);
        folder.Save(2, "two", [KeyValuePair.Create("a", new byte[] { 1, 2, 3, 4 })]);
        return File.ReadAllBytes(Path.Combine(_path, "epoch-00002.checkpoint"));
    }

    private void AssertGivesWay(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan()[..^32], bytes.AsSpan()[^32..]);
        File.WriteAllBytes(Path.Combine(_path, "epoch-00002.checkpoint"), bytes);
        var damaged = new List<string>();
        string? text = null;
        var effort = Support.Effort.Of(() =>
            text = new CheckpointFolder(_path).LoadNewest((found, _) => found, (file, _) => damaged.Add(Path.GetFileName(file))));
        Assert.Equal("one", text);
        Assert.Equal(["epoch-00002.checkpoint"], damaged);
        Assert.InRange(effort.Allocated, 0, 20_000_000);
    }

    private IEnumerable<string?> Names() => Directory.GetFiles(_path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
