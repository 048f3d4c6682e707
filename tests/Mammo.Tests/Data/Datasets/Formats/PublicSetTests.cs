using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Tests.Data.Dicom;

namespace Mammo.Tests.Data.Datasets.Formats;

/// <summary>Public sets as they arrive; images are files of no content, for none is read.</summary>
public sealed class PublicSetTests
{
    private static readonly LabelRule BiRads = Rule(("neg", ["1", "2", "3"]), ("pos", ["4", "5", "6"]));

    private readonly string _folder = Shared.NewFolder();

    [Fact]
    public void INbreast_has_patients_and_outlines()
    {
        Write("INbreast.csv", "Patient ID;Patient age;Laterality;View;Acquisition date;File Name;ACR;Bi-Rads", "removed;removed;R;CC;201001;101;2;2",
            "removed;removed;L;MLO;201001;102;2;4a", "removed;removed;L;CC;201001;103;2;0", "removed;removed;L;CC;201001;104;2;5");
        Images("AllDICOMs/101_aa11_MG_R_CC_ANON.dcm", "AllDICOMs/102_aa11_MG_L_ML_ANON.dcm",
            "AllDICOMs/103_bb22_MG_L_CC_ANON.dcm", "AllDICOMs/999_cc33_MG_L_CC_ANON.dcm");
        Write("AllXML/102.xml", """<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">""",
            "<plist><dict><key>Images</key><array><dict><key>ROIs</key><array>",
            "<dict><key>Name</key><string>Mass</string><key>Point_px</key><array><string>(10.0, 20.5)</string><string>(30.0, 20.5)</string>"
                + "<string>(20.0, 40.0)</string></array></dict>",
            "<dict><key>Name</key><string>Calcification</string><key>Point_px</key><array><string>(5.0, 6.0)</string></array></dict>",
            "</array></dict></array></dict></plist>");

        var (dataset, findings) = Read(PublicSet.Inbreast, new PublicSetOptions { Rule = BiRads });
        Assert.Equal(["neg", "pos"], dataset.Images.Select(image => image.Class));
        Assert.Equal(["aa11", "aa11"], dataset.Images.Select(image => image.Patient));
        Assert.Equal(("L", "MLO", "2"), (dataset.Images[1].Laterality, dataset.Images[1].View, dataset.Images[1].Extra["ACR"]));
        Assert.Empty(dataset.Images[0].Rois);
        Assert.Equal(["Mass", "Calcification"], dataset.Images[1].Rois.Select(roi => roi.Type));
        Assert.Equal(new RoiPolygon([(10, 20.5), (30, 20.5), (20, 40)]), dataset.Images[1].Rois[0].Shape);
        Assert.Equal([ErrorIds.LabelUnknown, ErrorIds.FileNotFound, ErrorIds.ListUnmatched, ErrorIds.ListUnmatched], findings.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData("<plist><dict>")]
    [InlineData("<plist><dict><key>Point_px</key><array><string>(3)</string></array></dict></plist>")]
    [InlineData("<plist><dict><key>Point_px</key><array><string>(NaN, 3)</string></array></dict></plist>")]
    [InlineData("<plist><dict><key>Point_px</key><array><string>(3, 1e999)</string></array></dict></plist>")]
    public void What_cannot_be_read_of_outlines_leaves_a_lesion_of_unknown_place(string outlines)
    {
        Write("INbreast.csv", "Laterality;View;File Name;Bi-Rads", "R;CC;101;5");
        Images("101_aa11_MG_R_CC_ANON.dcm");
        Write("101.xml", outlines);
        var (dataset, findings) = Read(PublicSet.Inbreast, new PublicSetOptions { Rule = BiRads });
        Assert.Null(Assert.Single(Assert.Single(dataset.Images).Rois).Shape);
        Assert.Equal([ErrorIds.RoiEmpty], findings.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData("10,20,30,")]
    [InlineData("10,20,30,1e999")]
    public void A_box_without_a_corner_is_a_lesion_of_unknown_place(string box)
    {
        Write("breast-level_annotations.csv", "study_id,series_id,image_id,laterality,view_position,height,width,breast_birads,breast_density,split",
            "s1,r1,i1,L,CC,3518,2800,BI-RADS 5,DENSITY C,training");
        Write("finding_annotations.csv", "image_id,finding_categories,finding_birads,xmin,ymin,xmax,ymax", $"i1,['Mass'],BI-RADS 5,{box}");
        Images("images/s1/i1.dicom");
        var (dataset, _) = Read(PublicSet.VinDr, new PublicSetOptions { Rule = BiRads });
        Assert.Null(Assert.Single(Assert.Single(dataset.Images).Rois).Shape);
    }

    [Fact]
    public void VinDr_has_boxes()
    {
        Write("breast-level_annotations.csv", "study_id,series_id,image_id,laterality,view_position,height,width,breast_birads,breast_density,split",
            "s1,r1,i1,L,CC,3518,2800,BI-RADS 2,DENSITY C,training", "s1,r1,i2,R,CC,3518,2800,BI-RADS 5,DENSITY C,test");
        Write("finding_annotations.csv", "image_id,finding_categories,finding_birads,xmin,ymin,xmax,ymax",
            "i1,['No Finding'],,,,,", "i2,\"['Mass', 'Skin Thickening']\",BI-RADS 5,10.25,20.5,30.1,41.9");
        Images("images/s1/i1.dicom", "images/s1/i2.dicom");
        var (dataset, findings) = Read(PublicSet.VinDr, new PublicSetOptions { Rule = BiRads });
        Assert.Empty(findings);
        Assert.Equal(["neg", "pos"], dataset.Images.Select(image => image.Class));
        Assert.Equal(("s1", "test"), (dataset.Images[1].Patient, dataset.Images[1].Extra["split"]));
        var roi = Assert.Single(dataset.Images[1].Rois);
        Assert.Equal((new RoiBox(new PixelBox(10, 20, 21, 22)), "Mass, Skin Thickening"), (roi.Shape as RoiBox, roi.Type));
    }

    [Theory]
    [InlineData("train_images/7/1001.dcm", "train_images/8/1001.dcm")]
    [InlineData("7_1001.png", "8_1001.png")]
    public void RSNA_says_cancer_itself(string first, string second)
    {
        Write("train.csv", "site_id,patient_id,image_id,laterality,view,age,cancer", "2,7,1001,L,CC,61,0", "2,8,1001,R,MLO,55,1", "2,9,1003,R,MLO,55,1");
        Images(first, second);
        var (dataset, findings) = Read(PublicSet.Rsna, new PublicSetOptions());
        Assert.Equal(["7 neg 61", "8 pos 55"], dataset.Images.Select(image => $"{image.Patient} {image.Class} {image.Extra["age"]}"));
        Assert.EndsWith(first, dataset.Images[0].Path.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Single(findings).Id);
    }

    [Fact]
    public void CMMD_finds_rows_by_the_patient_and_side_of_its_files()
    {
        Write("CMMD_clinicaldata_revision.csv", "ID1,LeftRight,Age,number,abnormality,classification,subtype",
            "D1-0001,R,44,2,calcification,Benign,", "D1-0002,L,50,2,mass,Malignant,Luminal A",
            "D1-0003,L,50,2,mass,Malignant,");
        foreach (var (patient, side, uid) in new[] { ("D1-0001", "R", "1.1"), ("D1-0002", "L", "1.2"), ("D1-0002", "R", "1.3") })
        {
            var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "CMMD", patient, side)).FullName, "1-1.dcm");
            File.WriteAllBytes(path, DicomWriter.File(DicomWriter.Explicit, TestDicom.Elements([0, 1], 12, false,
                TestElement.Text(DicomTag.PatientId, "LO", patient),
                TestElement.Text(DicomTag.ImageLaterality, "CS", side), TestElement.Text(DicomTag.SopInstanceUid, "UI", uid))));
        }

        var (dataset, findings) = Read(PublicSet.Cmmd, new PublicSetOptions());
        Assert.Equal(["D1-0001 R neg", "D1-0002 L pos", "D1-0002 R "], dataset.Images.Select(image => $"{image.Patient} {image.Laterality} {image.Class}"));
        Assert.Equal([ErrorIds.ListUnmatched, ErrorIds.ListUnmatched], findings.Select(finding => finding.Id));
        Assert.Equal(["neg", "pos"], dataset.Classes);
    }

    [Fact]
    public void EMBED_joins_images_with_examinations()
    {
        Write("EMBED_OpenData_metadata.csv", "anon_dicom_path,empi_anon,acc_anon,ImageLateralityFinal,ViewPosition,FinalImageType,ROI_coords",
            "/mnt/NAS2/mammo/anon_dicom/cohort_1/1/a.dcm,E1,100,L,CC,2D,\"((20, 10, 40, 30),)\"",
            "/mnt/NAS2/mammo/anon_dicom/cohort_1/1/b.dcm,E1,100,R,CC,2D,()",
            "/mnt/NAS2/mammo/anon_dicom/cohort_1/1/c.dcm,E1,100,R,CC,cview,()", "/mnt/NAS2/mammo/anon_dicom/cohort_1/2/d.dcm,E2,200,L,MLO,2D,()");
        Write("clinical.csv", "empi_anon,acc_anon,side,asses", "E1,100.0,L,S", "E1,100.0,L,N", "E1,100.0,B,N", "E2,200.0,L,A");
        Images("cohort_1/1/a.dcm", "cohort_1/1/b.dcm", "cohort_1/1/c.dcm", "cohort_1/2/d.dcm");
        var options = new PublicSetOptions { Rule = Rule(("neg", ["N", "B"]), ("pos", ["S", "M", "K"])), LabelList = Path.Combine(_folder, "clinical.csv") };
        var (dataset, findings) = Read(PublicSet.Embed, options);
        Assert.Equal(["E1 L pos", "E1 R neg"], dataset.Images.Select(image => $"{image.Patient} {image.Laterality} {image.Class}"));
        Assert.Equal(new RoiBox(new PixelBox(10, 20, 20, 20)), Assert.Single(dataset.Images[0].Rois).Shape);
        Assert.Empty(dataset.Images[1].Rois);
        Assert.Equal([ErrorIds.ListUnmatched, ErrorIds.LabelUnknown, ErrorIds.ListUnmatched, ErrorIds.ListUnmatched], findings.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.png")]
    [InlineData("x/a.png")]
    [InlineData(@"x\a")]
    public void Any_list_is_read_by_its_columns(string file)
    {
        Write("list.csv", "scan,subject,outcome", $"{file},S1,benign");
        Images("x/a.png");
        var columns = new Dictionary<string, string> { ["file"] = "scan", ["patient"] = "subject", ["label"] = "outcome" };
        var import = PublicSets.Read(PublicSet.List, Path.Combine(_folder, "list.csv"), new PublicSetOptions
        { Rule = Rule(("neg", ["benign"]), ("pos", ["cancer"])), Columns = columns });
        Assert.Equal(("S1", "neg"), (Assert.Single(import.Dataset.Images).Patient, import.Dataset.Images[0].Class));
    }

    [Fact]
    public void What_is_missing_has_an_id()
    {
        Write("INbreast.csv", "Laterality;View;File Name;Bi-Rads", "R;CC;101;5");
        Images("101_aa11_MG_R_CC_ANON.dcm");
        Assert.Equal(ErrorIds.LabelRuleInvalid, Error(PublicSet.Inbreast, new PublicSetOptions()));
        Assert.Equal(ErrorIds.FileNotFound, Error(PublicSet.VinDr, new PublicSetOptions { Rule = BiRads }));
        Assert.Equal(ErrorIds.FileNotFound, Error(PublicSet.List, new PublicSetOptions { Rule = BiRads }));
        Assert.Equal(ErrorIds.DatasetInvalid, Error(PublicSet.Inbreast, new PublicSetOptions
        { Rule = BiRads, Columns = new Dictionary<string, string> { ["name"] = "File Name" } }));
        Assert.Equal(ErrorIds.DatasetInvalid, Error(PublicSet.Inbreast, new PublicSetOptions { Rule = Rule(("neg", ["1"]), ("pos", ["6"])) }));
        foreach (var wrong in new (string, string[])[][] { [("neg", ["1"])], [("neg", ["1"]), ("pos", [])], [("neg", ["1", "BI-RADS 4"]), ("pos", ["4.0"])] })
            Assert.Equal(ErrorIds.LabelRuleInvalid, Assert.Throws<MammoException>(() => Rule(wrong)).ErrorId);
    }

    [Fact]
    public void An_outline_is_drawn_between_its_crossings_and_keeps_its_corners()
    {
        var size = new ImageSize(40, 60);
        var triangle = RoiRaster.Draw(new RoiPolygon([(10, 10), (30, 10), (10, 30)]), size, size);
        Assert.InRange(triangle.Count, 200, 235);
        Assert.True(triangle.Pixels[(12 * 60) + 12]);
        Assert.False(triangle.Pixels[(28 * 60) + 28]);
        Assert.Equal(1, RoiRaster.Draw(new RoiPolygon([(7, 9)]), size, size).Count);
        Assert.InRange(RoiRaster.Draw(new RoiPolygon([(10, 10), (30, 10), (10, 30)]), size, new ImageSize(20, 30)).Count, 45, 65);
    }

    [Fact]
    public void An_outline_survives_a_CSV()
    {
        var path = Path.Combine(_folder, "out.csv");
        var roi = new Roi(new RoiPolygon([(1.5, 2), (3, 4.25), (5, 6)])) { Type = "Mass", Pathology = "MALIGNANT" };
        var image = new MammoImage(Path.Combine(_folder, "a.png")) { Class = "pos", Label = 1, Patient = "P1", Rois = [roi] };
        DatasetCsv.Write(new MammoDataset("set", ["neg", "pos"], [image]), path);
        Assert.Equal(roi, Assert.Single(Assert.Single(DatasetCsv.Read(path, ["neg", "pos"]).Dataset.Images).Rois));
    }

    private static LabelRule Rule(params (string Class, string[] Values)[] classes) =>
        new([.. classes.Select(pair => KeyValuePair.Create(pair.Class, (IReadOnlyList<string>)pair.Values))]);

    private DatasetImport Read(PublicSet set, PublicSetOptions options) => PublicSets.Read(set, _folder, options);

    private string Error(PublicSet set, PublicSetOptions options) => Assert.Throws<MammoException>(() => Read(set, options)).ErrorId;

    private void Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
    }

    private void Images(params string[] names)
    {
        foreach (var name in names)
            Write(name);
    }
}
